import { expandLines } from '../../delivery/outbox/line-ranges.ts'
import {
  firstSequenceNumber,
  type Outbox,
  type OutboxPartition,
  partitionOf,
  type StoredRow,
} from '../../delivery/outbox/outbox.ts'
import { type Fault, sinkFault } from '../../domain/fault.ts'
import { instant } from '../../domain/identifiers.ts'
import { NewerVersionError } from '../../domain/newer-version-error.ts'
import type { Time } from '../../domain/time.ts'
import { digestOf } from '../../encoding/digest.ts'
import type { Telemetry } from '../../telemetry/telemetry.ts'
import { sideBySide } from '../side-by-side.ts'
import type { AgeLimit } from './age-limit.ts'
import { type LostRow, MAX_RECHECK_DELAY_MS, type PendingRow } from './pending-reader.ts'
import { unreadableBecause } from './unreadable.ts'

export interface LostDeps {
  readonly outbox: Pick<Outbox, 'replace'>
  readonly ageLimit: AgeLimit
  readonly telemetry: Pick<Telemetry, 'problem'>
  readonly time: Pick<Time, 'now'>
}

const FIRST_LOOK_AGAIN_MS = 60_000
const WRITES_AT_ONCE = 16

/**
 * Rows whose archive blob cannot be read. They are put off so that nothing waits for them, retried
 * at growing intervals, and dead-lettered once past the age limit.
 */
export class LostRows {
  readonly #outboxPartition: OutboxPartition
  readonly #deps: LostDeps
  #isTold = false

  constructor(outboxPartition: OutboxPartition, deps: LostDeps) {
    this.#outboxPartition = outboxPartition
    this.#deps = deps
  }

  /**
   * Puts rows off; returns those past the age limit as rows to be dead-lettered.
   * @throws the cause, if it only says that the storage did not answer
   */
  async setAside(lost: readonly LostRow[]): Promise<readonly PendingRow[]> {
    const past: PendingRow[] = []
    const aside: StoredRow[] = []
    for (const { row, cause } of lost) {
      const reason = unreadableBecause(cause)
      if (reason === undefined) throw cause
      const fault = archiveUnreadable(row, reason)
      // Rows written by a newer version wait for that version, however long.
      if (this.#deps.ageLimit.isPast(row) && !(cause instanceof NewerVersionError))
        past.push(lostRow(this.#outboxPartition, row, fault))
      else aside.push(this.#putOff(row, fault))
    }
    const [first] = aside
    if (first !== undefined && !this.#isTold) {
      // Reported once per drain; the rows themselves hold the details.
      this.#isTold = true
      this.#deps.telemetry.problem('rowUnreadable', new Error(first.lastFault?.message))
    }
    await sideBySide(aside, WRITES_AT_ONCE, async (row) => {
      await this.#deps.outbox.replace(this.#outboxPartition, row)
    })
    return past
  }

  /**
   * Delays the next try until twice the row's age, at least a minute and at most an hour from now,
   * and not beyond the age limit.
   */
  #putOff(row: StoredRow, { code, message }: Fault): StoredRow {
    const nowMs = this.#deps.time.now()
    const waitMs = Math.min(Math.max(nowMs - row.firstTriedAt, FIRST_LOOK_AGAIN_MS), MAX_RECHECK_DELAY_MS)
    const endsAt = this.#deps.ageLimit.endsAt(row)
    const lookAgainAt = nowMs < endsAt ? Math.min(nowMs + waitMs, endsAt) : nowMs + waitMs
    return { ...row, lastFault: { code, message }, lookAgainAt: instant(lookAgainAt) }
  }
}

const archiveUnreadable = ({ blob }: StoredRow, reason: string): Fault =>
  sinkFault(
    'archiveUnreadable',
    `The archive blob ${blob} ${reason}. Look for it in the container "archive" (soft-deleted blobs, versions) and restore it: pending deliveries then continue within the hour, dead letters when they are retried.`,
  )

/** Only the pointer is known: the position is that of the first message the row pointed at. */
function lostRow(outboxPartition: OutboxPartition, row: StoredRow, fault: Fault): PendingRow {
  const { namespace, hub } = outboxPartition
  const position = {
    namespace,
    hub,
    partition: partitionOf(outboxPartition),
    sequenceNumber: firstSequenceNumber(row),
    offset: '',
    enqueuedAt: row.enqueuedAt,
  }
  const faults = expandLines(row.lines).map((line) => ({
    fault,
    position,
    ordinal: 0,
    digest: digestOf('unknown'),
    blob: row.blob,
    line,
  }))
  return { row, events: [], faults, skipped: 0 }
}
