import type { Encode } from '../delivery/encode-all.ts'
import { expandLines } from '../delivery/line-ranges.ts'
import {
  firstSequenceNumber,
  type Outbox,
  type OutboxPage,
  partitionOf,
  type StoredRow,
} from '../delivery/outbox.ts'
import type { Sink } from '../delivery/sink.ts'
import { type Fault, recordFault, sinkFault } from '../domain/fault.ts'
import { digestOf, type Instant, instant } from '../domain/identifiers.ts'
import { NewerVersionError } from '../domain/newer-version-error.ts'
import type { Time } from '../domain/time.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { type Debt, debtOf, type FollowPointers } from './debt.ts'
import { expiresAt, isExpired } from './expiry.ts'
import { unreadableBecause } from './unreadable.ts'

export interface FollowDeps extends FollowPointers {
  readonly outbox: Pick<Outbox, 'replace'>
  readonly telemetry: Pick<Telemetry, 'troubled'>
  readonly maxAgeMs: number
  readonly time: Pick<Time, 'now' | 'monotonicMs'>
}

/** Bytes of events that a round holds at most, beyond those of its first row. */
const MAX_ROUND_BYTES = 8 * 1024 * 1024
const FIRST_LOOK_AGAIN_MS = 60_000
const LATEST_LOOK_AGAIN_MS = 3_600_000

/** An event that meets a defect of ours is set aside like one that the sink refuses: it must not stop those behind it. */
export const soundly =
  (sink: Pick<Sink, 'encode'>, onDefect: (cause: unknown) => void = () => undefined): Encode =>
  (archived) => {
    try {
      return sink.encode(archived)
    } catch (error) {
      onDefect(error)
      return recordFault(
        'internalFault',
        'This program met a defect of its own while giving the event its form. Report it, then retry the dead letter.',
      )
    }
  }

/**
 * What rows point at. A row whose pointer leads nowhere is set aside, and nobody waits for it: it is looked at again, less and less
 * often, and once it is past the age limit it is a debt of dead letters alone.
 */
export async function debtsOf(
  page: OutboxPage,
  rows: readonly StoredRow[],
  unreadable: Set<string>,
  deps: FollowDeps,
  untilMs: number,
): Promise<readonly Debt[]> {
  const debts: Debt[] = []
  let bytes = 0
  for (const [looked, row] of rows.entries()) {
    if (looked > 0 && (deps.time.monotonicMs() >= untilMs || bytes > MAX_ROUND_BYTES)) break
    try {
      const { lookAgainAt: _, ...found } = row
      const debt = await debtOf(page.sink, found, deps)
      debts.push(debt)
      for (const { eventJson } of debt.events) bytes += eventJson.byteLength
    } catch (error) {
      const reason = unreadableBecause(error)
      if (reason === undefined) throw error
      const fault = archiveUnreadable(row, reason)
      // What a newer version wrote waits for that one, however long.
      if (isExpired(row, deps) && !(error instanceof NewerVersionError))
        debts.push(lostDebt(page, row, fault))
      else await setAside(page, row, fault, unreadable, deps)
    }
  }
  return debts
}

const archiveUnreadable = ({ blob }: StoredRow, reason: string): Fault =>
  sinkFault(
    'archiveUnreadable',
    `The archive blob ${blob} ${reason}. Look for it in the container "archive" (soft-deleted blobs, versions) and restore it: what is still owed is then delivered within the hour, a dead letter when it is retried.`,
  )

/** Nothing is known of what lay there but the pointer: the place is that of the first message that the row pointed at. */
function lostDebt(page: OutboxPage, row: StoredRow, fault: Fault): Debt {
  const { namespace, hub } = page
  const position = {
    namespace,
    hub,
    partition: partitionOf(page),
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

async function setAside(
  page: OutboxPage,
  row: StoredRow,
  { code, message }: Fault,
  unreadable: Set<string>,
  deps: FollowDeps,
): Promise<void> {
  // Once a drain: the rows say the rest.
  if (unreadable.size === 0) deps.telemetry.troubled('debtUnreadable', new Error(message))
  unreadable.add(row.key)
  await deps.outbox.replace(page, {
    ...row,
    lastFault: { code, message },
    lookAgainAt: nextLook(row, deps),
  })
}

/** At twice the age of the debt, at least a minute and at most an hour from now, and not after the age limit. */
function nextLook(row: StoredRow, deps: FollowDeps): Instant {
  const now = deps.time.now()
  const waitMs = Math.min(Math.max(now - row.firstTriedAt, FIRST_LOOK_AGAIN_MS), LATEST_LOOK_AGAIN_MS)
  const limit = expiresAt(row, deps)
  return instant(now < limit ? Math.min(now + waitMs, limit) : now + waitMs)
}
