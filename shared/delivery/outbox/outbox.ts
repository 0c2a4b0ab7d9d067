import type { Fault, FaultCode } from '../../domain/fault.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import { sha256Hex } from '../../encoding/digest.ts'
import type { Refused } from '../settlement.ts'
import { formatLines } from './line-ranges.ts'

/**
 * One sink's pending deliveries from one partition of the stream: what is redelivered in order, and
 * leased as a whole.
 */
export interface OutboxPartition {
  readonly sink: string
  readonly namespace: string
  readonly hub: string
  readonly partition: string
}

/**
 * How an operator wants records delivered: as the archive has them, or normalised again with
 * current code.
 */
export const REPLAY_MODES = ['asArchived', 'renormalise'] as const
export type ReplayMode = (typeof REPLAY_MODES)[number]

/** A pending delivery: a pointer at lines of an archive blob, never a copy of them. */
export interface OutboxRow {
  /**
   * Unique in its outbox partition and rising with the stream; the same hand-over makes the same
   * row.
   */
  readonly key: string
  readonly blob: string
  /** As `0-99,105`. */
  readonly lines: string
  readonly events: number
  /** Of the first message pointed at. */
  readonly enqueuedAt: Instant
  readonly firstTriedAt: Instant
  readonly attempts: number
  /** Absent on a row that was never tried. */
  readonly lastFault?: { readonly code: FaultCode; readonly message: string }
  /**
   * Of rows that an operator asked for. Absent: a pending delivery of the stream, delivered as
   * archived.
   */
  readonly mode?: ReplayMode
  /** Of dead letters that an operator retries: their sink never had them, so this is no replay. */
  readonly isRetry?: true
  /** Of rows whose pointer led nowhere: not looked at before then. */
  readonly lookAgainAt?: Instant
}

/** A row as it was read; the tag lets it be changed only if nobody else did. */
export interface StoredRow extends OutboxRow {
  readonly etag: string
  /** When it was last written, by the storage's clock. */
  readonly writtenAt?: Instant
}

/** What one drain at a time holds on an outbox partition. */
export interface Lease {
  readonly outboxPartition: OutboxPartition
  readonly token: string
  readonly etag: string
}

/** An outbox partition on which something is pending. */
export interface PendingPartition {
  readonly outboxPartition: OutboxPartition
  readonly rows: number
  readonly events: number
  readonly oldestTriedAt: Instant
  /** Whether a drain holds it, or is due to come back later than now. */
  readonly attended: boolean
  /** Its lease is not believed: it was written by a clock that is ahead of this one. */
  readonly isLeaseAhead?: true
}

/** An entity of the outbox that no program of ours has written, by its keys. */
export interface UnreadableRow {
  readonly partitionKey: string
  readonly rowKey: string
}

/** All that is in the outbox. */
export interface OutboxSummary {
  readonly pendingPartitions: readonly PendingPartition[]
  /** What cannot be read and is to be set aside: some of it, where there is much. */
  readonly unreadableRows: readonly UnreadableRow[]
  /** Rows that were set aside, for operators to look at. */
  readonly setAside: number
}

/** What is still pending. Every method throws DurabilityError when the storage does not answer. */
export interface Outbox {
  /** Writes rows; one that is there already is the same. */
  append(outboxPartition: OutboxPartition, rows: readonly OutboxRow[]): Promise<void>
  /**
   * Until when nobody tries what is pending; in the past: somebody may at any moment. `undefined`:
   * nothing is pending.
   */
  pendingUntil(outboxPartition: OutboxPartition): Promise<Instant | undefined>
  /**
   * Rows of an outbox partition in the stream's order, the first or those behind the row with the
   * key `after`; fewer than `limit` only where there are no more. Rows of a newer program are left
   * out, and what cannot be read.
   */
  rows(outboxPartition: OutboxPartition, limit: number, after?: string): Promise<readonly StoredRow[]>
  /**
   * All rows that point at an archive blob and were named by a message enqueued between two
   * instants, both inclusive; like `rows`, without those of a newer program.
   */
  rowsOfBlob(at: OutboxPartition, blob: string, from: Instant, to: Instant): Promise<readonly StoredRow[]>
  remove(outboxPartition: OutboxPartition, rows: readonly StoredRow[]): Promise<void>
  /**
   * Replaces a row; what is new must have the same key. Gives it back as it is stored; `undefined`:
   * it was changed by another.
   */
  replace(outboxPartition: OutboxPartition, row: StoredRow): Promise<StoredRow | undefined>
  /**
   * Takes an outbox partition for `ms`, unless another drain holds it or it is not yet due.
   * `undefined`: not ours.
   */
  acquire(outboxPartition: OutboxPartition, ms: number): Promise<Lease | undefined>
  /** Holds an outbox partition for `ms` from now. `undefined`: another drain has taken it. */
  renew(lease: Lease, ms: number): Promise<Lease | undefined>
  /** Gives the outbox partition back; `dueAt` keeps everybody off it until then. */
  release(lease: Lease, dueAt: Instant | undefined): Promise<void>
  /**
   * Outbox partitions that have something pending: all, or those of one sink, for which nobody's
   * rows but its own are read.
   */
  pendingPartitions(sink?: string): Promise<readonly PendingPartition[]>
  /** Looks through the whole outbox. */
  summary(): Promise<OutboxSummary>
  /** Moves what cannot be read out of the way, to where operators find it. */
  setAside(row: UnreadableRow): Promise<void>
}

/** Has an outbox partition redelivered: by a message that names it, and nothing else. */
export interface WakeUps {
  /** @param delayMs how long until somebody should look */
  send(outboxPartition: OutboxPartition, delayMs: number): Promise<void>
}

/** Most characters of `lines` in one row: half of what a table property holds. */
const MAX_LINES_CHARS = 8000

/** What the key of a row begins with. */
export const keyOfTime = (enqueuedAt: number): string => String(enqueuedAt).padStart(15, '0')
const pad20 = (n: number): string => String(n).padStart(20, '0')

export const outboxPartitionOf = (
  sink: string,
  { namespace, hub, partition }: Position,
): OutboxPartition => ({
  sink,
  namespace,
  hub,
  partition,
})

/** Ends the partition's name where operators asked for the events. */
const REPLAY_SUFFIX = '~replay'

/**
 * The outbox partition for what an operator asks to be delivered (again): one of its own, so that
 * what the stream brings never waits behind it.
 */
export const replayPartitionOf = (sink: string, position: Position): OutboxPartition => {
  const outboxPartition = outboxPartitionOf(sink, position)
  return { ...outboxPartition, partition: `${outboxPartition.partition}${REPLAY_SUFFIX}` }
}

/** The partition of the stream that an outbox partition is about. */
export const partitionOf = ({ partition }: OutboxPartition): string =>
  partition.endsWith(REPLAY_SUFFIX) ? partition.slice(0, -REPLAY_SUFFIX.length) : partition

export const isReplayPartition = ({ partition }: OutboxPartition): boolean =>
  partition.endsWith(REPLAY_SUFFIX)

/**
 * The pending deliveries that a list of refused events of one blob makes: usually one row, more
 * when the list of lines is very long.
 */
export function pendingRows(refused: readonly Refused[], firstTriedAt: Instant): readonly OutboxRow[] {
  const rows: OutboxRow[] = []
  let run: Refused[] = []
  const flush = (): void => {
    const first = run[0]
    if (first !== undefined) rows.push(pendingRow(first, run, firstTriedAt))
    run = []
  }
  for (const one of refused) {
    const first = run[0]
    const blobChanges = first !== undefined && first.archived.blob !== one.archived.blob
    // A line number and its comma take at most 8 characters.
    if (blobChanges || run.length * 8 >= MAX_LINES_CHARS) flush()
    run.push(one)
  }
  flush()
  return rows
}

/**
 * Names a pending delivery: it rises with the stream, over re-creations of the hub too, since a hub
 * that numbers anew goes on in time; and the same hand-over gives the same name.
 * @param what tells this hand-over from any other: what it points at, and how it is asked for
 */
export function rowKey({ enqueuedAt, sequenceNumber }: Position, firstLine: number, what: string): string {
  const place = [keyOfTime(enqueuedAt), pad20(sequenceNumber), String(firstLine).padStart(7, '0')]
  return `${place.join('-')}-${sha256Hex(what).slice(0, 16)}`
}

/**
 * Since when a row is pending. Not longer than its message is there by the hub's clock, whatever a
 * clock that was behind has noted; and what a clock that was ahead has noted is not believed: then
 * since the storage last wrote it by its own, or since now.
 */
export function pendingSince(
  { firstTriedAt, enqueuedAt, writtenAt }: Pick<StoredRow, 'firstTriedAt' | 'enqueuedAt' | 'writtenAt'>,
  nowMs: number,
): Instant {
  const since = firstTriedAt <= nowMs ? firstTriedAt : Math.min(writtenAt ?? nowMs, nowMs)
  return instant(Math.max(since, enqueuedAt))
}

/** Sequence number of the first message that a row pointed at when it was written. */
export const firstSequenceNumber = ({ key }: Pick<OutboxRow, 'key'>): number => Number(key.split('-')[1])

function pendingRow(first: Refused, run: readonly Refused[], firstTriedAt: Instant): OutboxRow {
  const { blob, position } = first.archived
  const lines = formatLines(run.map((r) => r.archived.line))
  const fault: Fault = first.fault
  return {
    key: rowKey(position, first.archived.line, `${blob}\n${lines}`),
    blob,
    lines,
    events: run.length,
    enqueuedAt: position.enqueuedAt,
    firstTriedAt,
    attempts: 1,
    lastFault: { code: fault.code, message: fault.message },
  }
}
