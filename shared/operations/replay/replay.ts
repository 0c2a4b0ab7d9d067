import type { ArchiveBlob } from '../../archive/archive-blob.ts'
import type { ArchiveContainer } from '../../archive/archive-container.ts'
import type { ArchiveLine } from '../../archive/archive-line.ts'
import { blobsBetween } from '../../archive/list-blobs.ts'
import { readBlob } from '../../archive/reader.ts'
import { advance, covers, type SettledRanges } from '../../delivery/dedup/settled-range.ts'
import {
  type Outbox,
  type OutboxPartition,
  type ReplayMode,
  replayPartitionOf,
  type WakeUps,
} from '../../delivery/outbox/outbox.ts'
import { type Pointer, replayRows } from '../../delivery/outbox/replay-rows.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import type { Time } from '../../domain/time.ts'
import type { Rereader } from '../../pipeline/redeliver/renormalise.ts'
import { unreadableBecause } from '../../pipeline/redeliver/unreadable.ts'
import { UnreadableBlobError } from '../readable-lines.ts'
import {
  addSelections,
  EMPTY_SELECTION,
  type ReplayFilter,
  type Selection,
  selectLine,
} from './replay-query.ts'

/** What to hand to a sink (again). */
export interface ReplayRequest {
  readonly sink: string
  /** Enqueued time; `from` inclusive, `to` exclusive. */
  readonly from: Instant
  readonly to: Instant
  readonly mode: ReplayMode
  readonly filter: ReplayFilter
  /** Name of an archive blob: starts after it. */
  readonly after: string | undefined
  /** Rate at which pointers are handed over, not the sink's rate of delivery. */
  readonly eventsPerSecond: number
  /** Counts only; hands nothing over. */
  readonly dryRun: boolean
}

export interface ReplayDeps {
  readonly archive: ArchiveContainer
  readonly rereader: Rereader
  readonly outbox: Pick<Outbox, 'append'>
  readonly wakeUps: WakeUps
  readonly time: Time
  readonly onProgress: (so: ReplayReport) => void
}

/** A replay's result so far. */
export interface ReplayReport extends Selection {
  readonly blobs: number
  readonly rows: number
  /** Copies of records already seen, from batches the host ran twice. */
  readonly copies: number
  /** The last blob processed: where to resume. */
  readonly lastBlob: string | undefined
  /** False if interrupted. */
  readonly finished: boolean
}

const RING_EVERY_MS = 5000

/**
 * A message that hit a defect is archived raw, alone; a program that could read it may have
 * archived its records too.
 */
const isSetAside = (line: ArchiveLine): boolean =>
  line.kind === 'unsplit' && line.fault.code === 'internalFault'

const unreadable =
  (blob: string) =>
  (error: unknown): never => {
    const because = unreadableBecause(error)
    throw because === undefined
      ? error
      : new UnreadableBlobError(
          `The archive blob ${blob} ${because}. To go on behind it, use --after with its name.`,
        )
  }

const keyOf = ({ namespace, hub, partition }: Pick<Position, 'namespace' | 'hub' | 'partition'>): string =>
  `${namespace}/${hub}/${partition}`

/**
 * Hands pointers to archived records to a sink's outbox, each position once, in stream order; the
 * app then delivers them regardless of settled ranges and duplicate windows. Needs no secret of the
 * sink.
 * @throws DurabilityError if the storage does not answer, UnreadableBlobError for a blob that cannot
 * be read; what was handed over by then stays
 */
export async function replay(
  request: ReplayRequest,
  deps: ReplayDeps,
  signal: AbortSignal,
): Promise<ReplayReport> {
  const { time } = deps
  const askedAt = instant(time.now())
  const startedMs = time.monotonicMs()
  const settledRanges = new Map<string, SettledRanges>()
  const outboxPartitions = new Map<string, { readonly outboxPartition: OutboxPartition; rungMs: number }>()
  let interrupted = false
  let report: ReplayReport = {
    ...EMPTY_SELECTION,
    blobs: 0,
    rows: 0,
    copies: 0,
    lastBlob: request.after,
    finished: false,
  }

  for await (const blob of blobsBetween(deps.archive, request.from, request.to)) {
    if (request.after !== undefined && blob.name <= request.after) continue
    if (signal.aborted) {
      interrupted = true
      break
    }
    const { pointers, selection, copies } = await pointersIn(blob).catch(unreadable(blob.name))
    const rows = replayRows(pointers, request.mode, askedAt)
    const first = pointers[0]
    if (first !== undefined && !request.dryRun) {
      const outboxPartition = replayPartitionOf(request.sink, first.position)
      await deps.outbox.append(outboxPartition, rows)
      await send(outboxPartition)
    }
    report = {
      ...addSelections(report, selection),
      blobs: report.blobs + 1,
      rows: report.rows + rows.length,
      copies: report.copies + copies,
      lastBlob: blob.name,
      finished: false,
    }
    deps.onProgress(report)
    const behindMs = startedMs + (report.matched / request.eventsPerSecond) * 1000 - time.monotonicMs()
    if (!request.dryRun && behindMs > 0) await time.sleep(behindMs, signal)
  }
  // An outbox partition may have been drained before its last rows were written.
  for (const { outboxPartition } of outboxPartitions.values()) await deps.wakeUps.send(outboxPartition, 0)
  return { ...report, finished: !interrupted }

  async function pointersIn(blob: ArchiveBlob) {
    const ranges = settledRanges.get(keyOf(blob))
    const pointers: Pointer[] = []
    let selection: Selection = EMPTY_SELECTION
    let copies = 0
    let first: Position | undefined
    let last: Position | undefined
    let isTold = true
    for await (const line of readBlob(deps.archive, blob.name)) {
      const { position } = line
      first ??= position
      last = position
      if (line.kind === 'skipped' || position.enqueuedAt < request.from || position.enqueuedAt >= request.to)
        continue
      if (covers(ranges, position)) {
        copies += 1
        continue
      }
      const selected = selectLine(line, request.mode, request.filter, deps.rereader)
      if (selected.matched > 0) pointers.push({ blob: blob.name, line: line.line, position })
      if (isSetAside(line) && selected.matched === 0) isTold = false
      selection = addSelections(selection, selected)
    }
    if (first !== undefined && last !== undefined && isTold)
      settledRanges.set(keyOf(blob), advance(ranges, { first, last }))
    return { pointers, selection, copies }
  }

  async function send(outboxPartition: OutboxPartition): Promise<void> {
    const known = outboxPartitions.get(keyOf(outboxPartition)) ?? {
      outboxPartition,
      rungMs: Number.NEGATIVE_INFINITY,
    }
    outboxPartitions.set(keyOf(outboxPartition), known)
    if (time.monotonicMs() - known.rungMs < RING_EVERY_MS) return
    known.rungMs = time.monotonicMs()
    await deps.wakeUps.send(outboxPartition, 0)
  }
}
