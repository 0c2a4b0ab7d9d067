import { ContainerClient } from '@azure/storage-blob'
import { durable } from '../../local/checks/chaos/model/durable.ts'
import { startProgram } from '../../local/checks/chaos/model/program.ts'
import { recordText } from '../../local/checks/chaos/records.ts'
import { archiveWriter } from '../../shared/archive/writer.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { DELIVERED, type Sink } from '../../shared/delivery/sink.ts'
import type { Message } from '../../shared/domain/position.ts'
import { logAnalyticsSink } from '../../shared/sinks/log-analytics/sink.ts'
import { webhookSink } from '../../shared/sinks/webhook/sink.ts'
import { webhookOptions } from '../sinks/webhook/webhook-under-test.ts'
import { messageAt } from './ingest-world.ts'

/*
 * A process that takes in 100 messages of 1 MB on 4 partitions at once, archives them for real, gives every event the form of both sinks,
 * and says how much memory that took.
 */
const PARTITIONS = 4
const MESSAGES = 25
const MESSAGE_BYTES = 1_000_000

let records = 0
function largeMessage(n: number, partition: string): Message {
  const texts: string[] = []
  for (let bytes = 0; bytes < MESSAGE_BYTES; ) {
    const text = recordText(records).replace('Workload', `Workload ${'x'.repeat(500)}`)
    records++
    texts.push(text)
    bytes += text.length + 1
  }
  return messageAt(n, `{"records":[${texts.join(',')}]}`, partition)
}

let delivered = 0
const taking = (sink: Sink): Sink => ({
  ...sink,
  async deliver(batch) {
    delivered += batch.length
    return DELIVERED
  },
})

async function main(connectionString: string): Promise<void> {
  const nowMs = () => systemTime.now()
  const storage = durable(nowMs)
  const container = new ContainerClient(connectionString, 'archive')
  await container.createIfNotExists()
  const sinks = [
    logAnalyticsSink({
      endpoint: 'https://localhost',
      ruleId: 'dcr-0',
      credential: { getToken: async () => null },
      nowMs,
    }),
    webhookSink(webhookOptions({ url: 'https://localhost/', nowMs })),
  ].map(taking)
  const program = startProgram({
    storage,
    ports: { ...storage.ports, archive: archiveWriter(container, '0.0.0', systemTime) },
    sinks,
    time: systemTime,
    onIsolated: () => undefined,
  })
  const batches = Array.from({ length: PARTITIONS }, (_, p) =>
    Array.from({ length: MESSAGES }, (__, n) => largeMessage(n, String(p))),
  )
  const messageMb = Math.round(batches.flat().reduce((sum, m) => sum + m.body.byteLength, 0) / 1e6)
  const startedMs = systemTime.now()
  await Promise.all(batches.map((batch) => program.ingest(batch, 0)))
  const peakMb = Math.round(process.resourceUsage().maxRSS / 1024)
  process.stdout.write(
    JSON.stringify({ messageMb, records, delivered, peakMb, tookMs: systemTime.now() - startedMs }),
  )
}

main(process.argv[2] ?? '').then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(String(error))
    process.exit(1)
  },
)
