import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import {
  type Outbox,
  type OutboxPartition,
  outboxPartitionOf,
  pendingRows,
} from '../../shared/delivery/outbox/outbox.ts'
import type { SinkReport } from '../../shared/delivery/receipts/receipt.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { AgeLimit } from '../../shared/pipeline/redeliver/age-limit.ts'
import { type RedeliverDeps, redeliver } from '../../shared/pipeline/redeliver/redeliver.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import { archivedEventAt, archivedEventsAt, lineOf } from './archived-event-at.ts'
import { memoryOutbox } from './memory-outbox.ts'
import type { VirtualTime } from './virtual-time.ts'

const REFUSAL = transientFault('unavailable', 'The sink did not answer.')
export const HOUR_MS = 3_600_000

/** An outbox partition, and a program that redelivers it on a clock of one's own. */
export interface PendingWorld {
  readonly outboxPartition: OutboxPartition
  readonly outbox: Outbox
  readonly wakeUpsSent: readonly { readonly outboxPartition: OutboxPartition; readonly delayMs: number }[]
  readonly deadLetters: readonly DeadLetter[]
  readonly receipts: readonly SinkReport[]
  readonly deps: RedeliverDeps
  /** Writes rows that have pending the events of these numbers. */
  append(...rows: readonly (readonly [number, number])[]): Promise<void>
  /** Writes a row for each of these numbers, and each points at a blob of its own. */
  appendApart(...numbers: readonly number[]): Promise<void>
  drain(change?: Partial<RedeliverDeps>): Promise<void>
  /** Lines still pending, by row. */
  pending(): Promise<readonly string[]>
}

/** An archive in which some lines cannot be read. */
export const unreadLines =
  (
    readLines: RedeliverDeps['readLines'],
    isLost: (line: number) => boolean,
    cause: unknown,
  ): RedeliverDeps['readLines'] =>
  async (blob, lines, space) => {
    const read = new Map(await readLines(blob, lines, space))
    for (const line of lines.filter(isLost)) read.set(line, { kind: 'unread', cause })
    return read
  }

export function pendingWorld(
  sink: Sink,
  time: VirtualTime,
  outbox: Outbox = memoryOutbox(time),
): PendingWorld {
  const outboxPartition = outboxPartitionOf(sink.name, archivedEventAt(0).position)
  // All messages are some hours old.
  const hourMs = time.monotonicMs() - 3 * HOUR_MS
  const wakeUpsSent: { outboxPartition: OutboxPartition; delayMs: number }[] = []
  const deadLetters: DeadLetter[] = []
  const receipts: SinkReport[] = []
  const deps: RedeliverDeps = {
    outbox,
    wakeUps: {
      async send(wakeUpSent, delayMs) {
        wakeUpsSent.push({ outboxPartition: wakeUpSent, delayMs })
      },
    },
    deadLetters: {
      async write(some) {
        deadLetters.push(...some)
      },
    },
    receipts: {
      file: async () => undefined,
      async fileRows(reports) {
        receipts.push(...reports)
      },
    },
    sinks: new Map([[sink.name, { sink, accepts: () => true }]]),
    readLines: async (blob, lines) =>
      new Map(lines.map((n) => [n, lineOf(archivedEventAt(n, { blob, hourMs }))])),
    renormalise: () => ({ events: [], faults: [], skipped: 0 }),
    budgetMs: 20_000,
    maxBackoffMs: 300_000,
    ageLimit: new AgeLimit(72 * HOUR_MS, time),
    telemetry: logTelemetry(() => undefined),
    time,
    failpoint: noFailpoint,
  }
  return {
    outboxPartition,
    outbox,
    wakeUpsSent,
    deadLetters,
    receipts,
    deps,
    async append(...rows) {
      const triedAt = instant(time.now())
      for (const [from, to] of rows) {
        const refused = archivedEventsAt(from, to, { hourMs }).map((archived) => ({
          archived,
          fault: REFUSAL,
        }))
        await outbox.append(outboxPartition, pendingRows(refused, triedAt))
      }
    },
    async appendApart(...numbers) {
      const rows = numbers.flatMap((n) => {
        const archived = archivedEventAt(n, { blob: `v1/blob-${n}.jsonl.gz`, hourMs })
        return pendingRows([{ archived, fault: REFUSAL }], instant(time.now()))
      })
      await outbox.append(outboxPartition, rows)
    },
    drain: (change = {}) => redeliver(outboxPartition, { ...deps, ...change }),
    pending: async () => (await outbox.rows(outboxPartition, 1000)).map((row) => row.lines),
  }
}
