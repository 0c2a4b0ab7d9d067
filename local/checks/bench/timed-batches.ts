import { setImmediate as turn } from 'node:timers/promises'
import type { HubMessage } from '../../emulators/functions-host/event-hub/hub-message.ts'
import { latenciesOf } from '../load/latencies.ts'
import { countAllocatedHeap } from './allocated-heap.ts'
import { benchMessages, RECORDS_PER_MESSAGE, skippedMessages } from './bench-batches.ts'
import type { BatchesFigures, BatchesTask } from './counts.ts'

const MEGABYTE = 1024 * 1024

/** Readies a batch for one pipeline, untimed; what it returns handles it. */
export type Ready = (batch: readonly HubMessage[], pipeline: number) => () => Promise<void>

interface TimedRange {
  readonly ms: number
  readonly cpuMicros: number
  readonly heapBytes: number
  readonly latenciesMs: readonly number[]
}

/** Handles batches, `inFlight` concurrently, each in a partition of its own. */
async function timed(batches: readonly (() => Promise<void>)[], inFlight: number): Promise<TimedRange> {
  const latenciesMs: number[] = []
  const allocatedHeap = countAllocatedHeap()
  const cpu = process.cpuUsage()
  const start = performance.now()
  const pipeline = async (_: unknown, number: number): Promise<void> => {
    for (const handle of batches.filter((_, i) => i % inFlight === number)) {
      const handedOver = performance.now()
      await handle()
      latenciesMs.push(performance.now() - handedOver)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, pipeline))
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMicros: user + system, heapBytes: allocatedHeap(), latenciesMs }
}

/** Makes the batches of a task and handles them; making and readying them is not timed. */
export async function timedBatches(task: BatchesTask, ready: Ready): Promise<BatchesFigures> {
  const { firstMessage, messagesPerBatch, batchesAhead } = task
  const make = task.isOtherCategory ? skippedMessages : benchMessages
  const ranges: TimedRange[] = []
  const rssMb: number[] = []
  for (let done = 0; done < task.batches; done += batchesAhead) {
    const batches = Array.from({ length: Math.min(batchesAhead, task.batches - done) }, (_, i) =>
      ready(make(firstMessage + (done + i) * messagesPerBatch, messagesPerBatch), i % task.inFlight),
    )
    await turn()
    ranges.push(await timed(batches, task.inFlight))
    rssMb.push(Math.round(process.memoryUsage.rss() / MEGABYTE))
  }
  const sum = (figure: (range: TimedRange) => number): number =>
    ranges.reduce((total, range) => total + figure(range), 0)
  const records = task.batches * messagesPerBatch * RECORDS_PER_MESSAGE
  const cpuMicros = sum((range) => range.cpuMicros)
  const { p50, p99 } = latenciesOf(ranges.flatMap(({ latenciesMs }) => latenciesMs))
  return {
    recordsPerSecond: Math.round((records / sum(({ ms }) => ms)) * 1000),
    cpuMicrosPerRecord: tenths(cpuMicros / records),
    cpuMicrosPerBatch: Math.round(cpuMicros / task.batches),
    latencyMs: { p50: tenths(p50), p99: tenths(p99) },
    heapBytesPerRecord: Math.round(sum(({ heapBytes }) => heapBytes) / records),
    peakRssMb: Math.max(...rssMb),
    rssMb,
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10
