import { setTimeout as wait } from 'node:timers/promises'
import { EventHubProducerClient } from '@azure/event-hubs'
import { HUB, PARTITIONS } from '../../stack/names.ts'
import { SENDS_NOTHING } from '../../stack/sends-nothing.ts'
import { startStack } from '../../stack/stack.ts'
import { latenciesOf } from '../load/latencies.ts'
import { benchBatch, RECORDS_PER_BATCH, RECORDS_PER_MESSAGE } from './bench-batches.ts'

export interface DeliveryFigures {
  /** Over AMQP, on one machine: from the first send to the last event at both sinks. */
  readonly endToEndRecordsPerSecond: number
  /** From send to each sink, at ten messages per second. */
  readonly latencyMs: { readonly p50: number; readonly p99: number }
  readonly latencySamples: number
}

const MESSAGES_PER_SECOND = 10
/** Keeps the ids and batches of the two parts of this bench apart. */
const FIRST_LATENCY_BATCH = 5000

/** The whole pipeline on real protocols: emulator, function host, Azurite, both receivers. */
export async function benchDelivery(quick: boolean, show: (text: string) => void): Promise<DeliveryFigures> {
  show('Starting the embedded stack…')
  const latencies: number[] = []
  let sentAtMs = 0
  let sampling = false
  const stack = await startStack({
    nowMs: () => Date.now(),
    settings: SENDS_NOTHING,
    onStored: () => {
      if (sampling) latencies.push(performance.timeOrigin + performance.now() - sentAtMs)
    },
  })
  const producer = new EventHubProducerClient(stack.hub.connectionString(HUB))
  try {
    const host = await stack.startHost(() => undefined)
    const received = (): number => Math.min(stack.ingestion.eventIds().size, stack.siem.eventIds().size)
    const until = async (count: number): Promise<void> => {
      while (received() < count) await wait(5)
    }

    show('Warming up over AMQP…')
    for (let p = 0; p < PARTITIONS; p++) await sendInTwo(producer, bodies(p), String(p))
    await until(PARTITIONS * RECORDS_PER_BATCH)

    const batches = quick ? 12 : 60
    show(`End to end, ${batches * RECORDS_PER_BATCH} records…`)
    const loads = Array.from({ length: batches }, (_, i) => bodies(PARTITIONS + i))
    const start = performance.now()
    for (const [i, load] of loads.entries()) await sendInTwo(producer, load, String(i % PARTITIONS))
    await until((PARTITIONS + batches) * RECORDS_PER_BATCH)
    const endToEndRecordsPerSecond = Math.round(
      (batches * RECORDS_PER_BATCH * 1000) / (performance.now() - start),
    )

    const seconds = quick ? 3 : 20
    show(`Latency at ${MESSAGES_PER_SECOND} messages a second, ${seconds} s…`)
    const messages = bodies(FIRST_LATENCY_BATCH).concat(
      bodies(FIRST_LATENCY_BATCH + 1),
      bodies(FIRST_LATENCY_BATCH + 2),
    )
    sampling = true
    for (let i = 0; i < seconds * MESSAGES_PER_SECOND; i++) {
      sentAtMs = performance.timeOrigin + performance.now()
      const message = messages[i]
      if (message !== undefined) await producer.sendBatch([message])
      await wait(
        Math.max(0, 1000 / MESSAGES_PER_SECOND - (performance.timeOrigin + performance.now() - sentAtMs)),
      )
    }
    await until(
      (PARTITIONS + batches) * RECORDS_PER_BATCH + seconds * MESSAGES_PER_SECOND * RECORDS_PER_MESSAGE,
    )
    await host.stop()
    const { p50, p99 } = latenciesOf(latencies)
    return {
      endToEndRecordsPerSecond,
      latencyMs: { p50: Math.round(p50), p99: Math.round(p99) },
      latencySamples: latencies.length,
    }
  } finally {
    await producer.close()
    await stack.stop()
  }
}

const bodies = (batch: number) => benchBatch(batch).map(({ body }) => ({ body: Buffer.from(body) }))

/** One batch exceeds the limit of one send. */
async function sendInTwo(
  producer: EventHubProducerClient,
  load: readonly { readonly body: Buffer }[],
  partitionId: string,
): Promise<void> {
  const half = Math.ceil(load.length / 2)
  await producer.sendBatch(load.slice(0, half), { partitionId })
  await producer.sendBatch(load.slice(half), { partitionId })
}
