import { memoryOutbox } from '../../local/chaos/model/memory-outbox.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letter.ts'
import { noStep } from '../../shared/delivery/durable-step.ts'
import { type Outbox, type OutboxPage, owedRows, pageOf } from '../../shared/delivery/outbox.ts'
import type { SettledReport } from '../../shared/delivery/receipt.ts'
import type { Sink } from '../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { type RedeliverDeps, redeliver } from '../../shared/pipeline/redeliver.ts'
import { logTelemetry } from '../../shared/telemetry/log-telemetry.ts'
import { placed, placedRange } from './placed-events.ts'
import type { VirtualTime } from './virtual-time.ts'

const REFUSAL = transientFault('unavailable', 'The sink did not answer.')
export const HOUR_MS = 3_600_000

/** A page of the outbox, and a program that pays it on a clock of one's own. */
export interface DebtWorld {
  readonly page: OutboxPage
  readonly outbox: Outbox
  readonly rings: readonly { readonly page: OutboxPage; readonly delayMs: number }[]
  readonly letters: readonly DeadLetter[]
  readonly receipts: readonly SettledReport[]
  readonly deps: RedeliverDeps
  /** Writes rows that owe the events of these numbers. */
  owe(...rows: readonly (readonly [number, number])[]): Promise<void>
  drain(change?: Partial<RedeliverDeps>): Promise<void>
  /** Lines still owed, by row. */
  owed(): Promise<readonly string[]>
}

export function debtWorld(sink: Sink, time: VirtualTime): DebtWorld {
  const page = pageOf(sink.name, placed(0).position)
  const outbox = memoryOutbox(() => time.now())
  const rings: { page: OutboxPage; delayMs: number }[] = []
  const letters: DeadLetter[] = []
  const receipts: SettledReport[] = []
  const deps: RedeliverDeps = {
    outbox,
    doorbell: {
      async ring(rung, delayMs) {
        rings.push({ page: rung, delayMs })
      },
    },
    deadLetters: {
      async bury(some) {
        letters.push(...some)
      },
    },
    receipts: {
      async file(_, reports) {
        receipts.push(...reports)
      },
    },
    sinks: new Map([[sink.name, sink]]),
    eventsAt: async (_, lines): Promise<readonly ArchivedEvent[]> => lines.map((line) => placed(line)),
    renormalisedAt: async () => ({ events: [], faults: [], skipped: 0 }),
    accepts: () => true,
    budgetMs: 20_000,
    maxBackoffMs: 300_000,
    maxAgeMs: 72 * HOUR_MS,
    telemetry: logTelemetry(() => undefined),
    time,
    onStep: noStep,
  }
  return {
    page,
    outbox,
    rings,
    letters,
    receipts,
    deps,
    async owe(...rows) {
      const triedAt = instant(time.now())
      for (const [from, to] of rows) {
        const refused = placedRange(from, to).map((archived) => ({ archived, fault: REFUSAL }))
        await outbox.append(page, owedRows(refused, triedAt))
      }
    },
    drain: (change = {}) => redeliver(page, { ...deps, ...change }),
    owed: async () => (await outbox.rows(page, 1000)).map((row) => row.lines),
  }
}
