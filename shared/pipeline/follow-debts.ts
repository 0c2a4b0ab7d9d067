import type { Encode } from '../delivery/encode-all.ts'
import type { OutboxPage, StoredRow } from '../delivery/outbox.ts'
import type { Sink } from '../delivery/sink.ts'
import { hasCode } from '../delivery/storage-condition.ts'
import { recordFault } from '../domain/fault.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import type { Time } from '../domain/time.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type Debt, debtOf, type FollowPointers } from './debt.ts'

export interface FollowDeps extends FollowPointers {
  readonly telemetry: Pick<Telemetry, 'troubled'>
  readonly time: Pick<Time, 'now'>
}

/** Bytes of events that a round holds at most, beyond those of its first row. */
const MAX_ROUND_CHARS = 8 * 1024 * 1024

/** An event that meets a defect of ours is set aside like one that the sink refuses: it must not stop those behind it. */
export const soundly =
  (sink: Sink): Encode =>
  (archived) => {
    try {
      return sink.encode(archived)
    } catch {
      return recordFault(
        'internalFault',
        'This program met a defect of its own while giving the event its form. Report it, then retry the dead letter.',
      )
    }
  }

/** What rows point at. One whose pointer leads nowhere is left as it is, and nobody waits for it. */
export async function debtsOf(
  page: OutboxPage,
  rows: readonly StoredRow[],
  unreadable: Set<string>,
  deps: FollowDeps,
  untilMs: number,
): Promise<readonly Debt[]> {
  const debts: Debt[] = []
  let chars = 0
  for (const row of rows) {
    if (debts.length > 0 && (deps.time.now() >= untilMs || chars > MAX_ROUND_CHARS)) break
    try {
      const debt = await debtOf(page.sink, row, deps)
      debts.push(debt)
      for (const { eventJson } of debt.events) chars += eventJson.length
    } catch (error) {
      if (!leadsNowhere(error)) throw error
      unreadable.add(row.key)
      deps.telemetry.troubled('debtUnreadable', error)
    }
  }
  return debts
}

const leadsNowhere = (error: unknown): boolean =>
  error instanceof InvariantError ||
  error instanceof SyntaxError ||
  hasCode(error, 'BlobNotFound', 'Z_DATA_ERROR', 'Z_BUF_ERROR')
