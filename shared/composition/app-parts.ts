import { readLines } from '../archive/reader.ts'
import { archiveWriter } from '../archive/writer.ts'
import type { AzureClients } from '../azure/azure-clients.ts'
import { type AppSettings, sourceOf } from '../config/parse-settings.ts'
import { blobDeadLetters } from '../delivery/dead-letters/dead-letter-blobs.ts'
import { blobsWithoutPosition } from '../delivery/dead-letters/without-position-blobs.ts'
import { settledTable } from '../delivery/dedup/settled-table.ts'
import type { ReachFailpoint } from '../delivery/failpoint.ts'
import { tableOutbox } from '../delivery/outbox/outbox-table.ts'
import { WAKE_UP_QUEUE, wakeUpQueue } from '../delivery/outbox/wake-up-queue.ts'
import { blobReceipts } from '../delivery/receipts/receipt.ts'
import type { Time } from '../domain/time.ts'
import { VERSION } from '../domain/version.ts'
import { memo } from '../pipeline/memo.ts'
import { logTelemetry, type WriteLog } from '../telemetry/log-telemetry.ts'
import { assemble, type Ports } from './assemble.ts'
import { enabledSinks } from './sinks-enabled.ts'

/** What the pipeline needs that is not a setting. */
interface PartsWorld {
  readonly log: WriteLog
  readonly time: Time
  readonly newId: () => string
  readonly failpoint: ReachFailpoint
}

/** The pipeline on Azure's storage, with the sinks that are enabled. */
export async function appParts(
  settings: AppSettings,
  clients: AzureClients,
  { time, log, newId, failpoint }: PartsWorld,
  deliveryTime: Time,
) {
  const own = logTelemetry(log)
  const queue = memo(() => clients.queue(WAKE_UP_QUEUE))
  const [archive, deadLetters, receipts, outbox, settled, sinks] = await Promise.all([
    clients.container('archive'),
    clients.container('deadletters'),
    clients.container('receipts'),
    clients.table('outbox'),
    clients.table('settled'),
    enabledSinks(settings, () => clients.credential(), time),
  ])
  const ports: Ports = {
    archive: archiveWriter(archive, VERSION, time),
    readLines: (blob, lines, space) => readLines(archive, blob, lines, space),
    deadLetters: blobDeadLetters(deadLetters, time),
    receipts: blobReceipts(receipts, time, (cause) => own.problem('receiptNotWritten', cause)),
    outbox: tableOutbox(outbox, time, newId),
    // Most processes never send one: its SDK is loaded with the first.
    wakeUps: {
      send: async (outboxPartition, delayMs) =>
        wakeUpQueue(await queue(), time).send(outboxPartition, delayMs),
    },
    settledRanges: settledTable(settled),
  }
  const assembled = assemble(ports, {
    sinks,
    source: sourceOf(settings),
    delivery: settings.delivery,
    time,
    deliveryTime,
    onProblem: (problem, cause) => own.problem(problem, cause),
    failpoint,
  })
  return {
    ...assembled,
    archiveContainer: archive,
    keepWithoutPosition: blobsWithoutPosition(deadLetters, time),
  }
}
