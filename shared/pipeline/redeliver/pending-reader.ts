import type { ArchiveLine } from '../../archive/archive-line.ts'
import type { FaultyRecord } from '../../archive/chunk.ts'
import type { LinesRead, UnreadLine } from '../../archive/reader.ts'
import { expandLines } from '../../delivery/outbox/line-ranges.ts'
import type { Outbox, OutboxPartition, StoredRow } from '../../delivery/outbox/outbox.ts'
import { type EventSpace, SpanTable } from '../../domain/event-fields.ts'
import { eventJson } from '../../domain/event-json.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { Time } from '../../domain/time.ts'
import { BytePool } from '../../encoding/byte-pool.ts'
import { ByteWriter } from '../../encoding/byte-writer.ts'
import { sideBySide } from '../side-by-side.ts'
import type { Renormalised } from './renormalise.ts'

/** An outbox row, and the events it points at. */
export interface PendingRow {
  readonly row: StoredRow
  /** In line order. */
  readonly events: readonly ArchivedEvent[]
  /** Records that cannot be normalised. */
  readonly faults: readonly FaultyRecord[]
  /** Records of categories that are not exported (any more). */
  readonly skipped: number
}

/** A row whose archive blob could not be read, and the error. */
export interface LostRow {
  readonly row: StoredRow
  readonly cause: unknown
}

/** Rows read together, in stream order. */
export interface PendingWindow {
  /** All rows of the window. */
  readonly rows: readonly StoredRow[]
  readonly pending: readonly PendingRow[]
  readonly lost: readonly LostRow[]
  /** Holds the fields of its events; released once nobody looks at them any more. */
  readonly memory: Pick<ByteWriter, 'release'>
}

export interface ReaderDeps {
  readonly outbox: Pick<Outbox, 'rows'>
  /** Reads lines of an archive blob; the fields of their events are kept in `space`. */
  readonly readLines: (blob: string, lines: readonly number[], space: EventSpace) => Promise<LinesRead>
  /** Normalises archived records again, by current code. */
  readonly renormalise: (lines: readonly ArchiveLine[]) => Renormalised
  readonly time: Pick<Time, 'now' | 'monotonicMs'>
}

/** Which rows to read. */
export interface WindowLimits {
  /** Default: as many as memory allows. */
  readonly maxRows?: number
  /** On the monotonic clock; one list is made and one blob read even after it. */
  readonly untilMs: number
  /** The window ends before the first unwanted row; default: all are wanted. */
  readonly wants?: (row: StoredRow) => boolean
}

/** Rows per table query. */
const ROWS_LISTED = 1000
/** JSON bytes of a window's events; about four times that in memory. */
const MAX_BYTES = 1024 * 1024
/** Most lines, and so events and rows, in a window. */
const MAX_LINES = 500
const BLOBS_AT_ONCE = 16
/** Estimate until something has been read. */
const BYTES_A_LINE = 2048
/** An event in memory: its JSON, its fields, and with its place a sink's encoding. */
const MEMORY_PER_BYTE = 4
/** What the windows under way take at most. */
const MAX_POOL_BYTES = 3 * MEMORY_PER_BYTE * MAX_BYTES
/** The longest a row is put off; a later time comes from a clock that is ahead. */
export const MAX_RECHECK_DELAY_MS = 3_600_000

/**
 * Reads the events of an outbox partition window by window, each row once. Rows are listed as a
 * stream; a blob shared by several rows of a window is read once. Keeps one list of rows besides
 * the windows it returned.
 */
export class PendingReader {
  readonly #outboxPartition: OutboxPartition
  readonly #deps: ReaderDeps
  /** Listed, not yet returned. */
  #listed: StoredRow[] = []
  /** Rows whose blob could not be read before; they come when nothing else is listed. */
  #onceMore: StoredRow[] = []
  #lastKey: string | undefined
  #isListed = false
  #maxBytesALine = BYTES_A_LINE
  readonly #pool = new BytePool(MAX_POOL_BYTES)
  /** Events in the rows listed so far. */
  eventsListed = 0

  constructor(outboxPartition: OutboxPartition, deps: ReaderDeps) {
    this.#outboxPartition = outboxPartition
    this.#deps = deps
  }

  /**
   * The next row.
   * @param untilMs on the monotonic clock: no time to list more after it; one list is made even so
   */
  async first(untilMs: number): Promise<StoredRow | undefined> {
    while (this.#listed.length === 0 && !this.#isListed) {
      await this.#list()
      if (this.#deps.time.monotonicMs() >= untilMs) break
    }
    // Also where time ran out before: else a partition full of rows put off would never move.
    if (this.#listed.length === 0) this.#listed = this.#onceMore.splice(0)
    return this.#listed[0]
  }

  /** The next rows, as many as time and memory allow; empty at the end. */
  async next({ maxRows = MAX_LINES, untilMs, wants = () => true }: WindowLimits): Promise<PendingWindow> {
    const rows: StoredRow[] = []
    let lines = 0
    const maxLines = Math.min(MAX_LINES, MAX_BYTES / this.#maxBytesALine)
    while (rows.length < maxRows) {
      const row = await this.first(untilMs)
      if (row === undefined || !wants(row)) break
      const more = expandLines(row.lines).length
      if (rows.length > 0 && lines + more > maxLines) break
      lines += more
      rows.push(row)
      this.#listed.shift()
    }
    return this.#read(rows, lines, untilMs)
  }

  /** Puts back returned rows, to be returned again. */
  putBack(rows: readonly StoredRow[]): void {
    this.#listed.unshift(...rows)
  }

  async #list(): Promise<void> {
    const rows = await this.#deps.outbox.rows(this.#outboxPartition, ROWS_LISTED, this.#lastKey)
    this.#isListed = rows.length < ROWS_LISTED
    this.#lastKey = rows.at(-1)?.key
    const nowMs = this.#deps.time.now()
    for (const row of rows) {
      this.eventsListed += row.events
      const { lookAgainAt } = row
      const waitMs = (lookAgainAt ?? 0) - nowMs
      if (lookAgainAt === undefined) this.#listed.push(row)
      else if (waitMs > 0 && waitMs <= MAX_RECHECK_DELAY_MS) continue
      else if (this.#onceMore.length < ROWS_LISTED) this.#onceMore.push(row)
    }
  }

  /** Reads the rows; puts back those that time or memory did not allow. */
  async #read(rows: readonly StoredRow[], lines: number, untilMs: number): Promise<PendingWindow> {
    const byBlob = new Map<string, StoredRow[]>()
    for (const row of rows) {
      const own = byBlob.get(row.blob)
      if (own === undefined) byBlob.set(row.blob, [row])
      else own.push(row)
    }
    const found = new Map<StoredRow, PendingRow | LostRow>()
    const space = {
      memory: new ByteWriter(Math.ceil(lines * this.#maxBytesALine) * MEMORY_PER_BYTE, this.#pool),
      spans: new SpanTable(lines),
    }
    let bytes = 0
    const readOne = async ([blob, own]: readonly [string, readonly StoredRow[]]): Promise<void> => {
      const wanted = [...new Set(own.flatMap(({ lines }) => expandLines(lines)))]
      const read = await this.#deps.readLines(blob, wanted, space)
      for (const row of own) found.set(row, this.#follow(row, read))
      const held = own.reduce((sum, row) => sum + bytesOf(found.get(row)), 0)
      bytes += held
      this.#maxBytesALine = Math.max(this.#maxBytesALine, held / wanted.length)
    }
    let begun = 0
    await sideBySide([...byBlob], BLOBS_AT_ONCE, readOne, () => {
      const mayGoOn = bytes < MAX_BYTES && this.#deps.time.monotonicMs() < untilMs
      return begun++ === 0 || mayGoOn
    })
    const firstUnread = rows.findIndex((row) => !found.has(row))
    const given = firstUnread === -1 ? rows : rows.slice(0, firstUnread)
    this.putBack(rows.slice(given.length))
    const all = given.flatMap((row) => found.get(row) ?? [])
    return {
      rows: given,
      pending: all.filter((one) => 'events' in one),
      lost: all.filter((one) => 'cause' in one),
      memory: space.memory,
    }
  }

  #follow(row: StoredRow, read: LinesRead): PendingRow | LostRow {
    const lines: ArchiveLine[] = []
    for (const number of expandLines(row.lines)) {
      const line = read.get(number) ?? NO_LINE
      if (line.kind === 'unread') return { row, cause: line.cause }
      lines.push(line)
    }
    if (row.mode === 'renormalise') return this.#renormalised(row, lines)
    const events = lines.flatMap((line) => (line.kind === 'event' ? [line.archived] : []))
    if (events.length < lines.length)
      return { row, cause: new InvariantError('a pointer at archive lines that hold no events') }
    return { row, events: asDelivered(row, events), faults: [], skipped: 0 }
  }

  #renormalised(row: StoredRow, lines: readonly ArchiveLine[]): PendingRow | LostRow {
    if (lines.some(({ kind }) => kind === 'skipped'))
      return { row, cause: new InvariantError('a pointer at archive lines that hold no records') }
    const renormalised = this.#deps.renormalise(lines)
    return { row, ...renormalised, events: asDelivered(row, renormalised.events) }
  }
}

const isReplay = ({ mode, isRetry }: StoredRow): boolean => mode !== undefined && isRetry === undefined

const asDelivered = (row: StoredRow, events: readonly ArchivedEvent[]): readonly ArchivedEvent[] =>
  isReplay(row) ? events.map((event) => ({ ...event, isReplay: true })) : events

const NO_LINE: UnreadLine = {
  kind: 'unread',
  cause: new InvariantError('a pointer at lines that the archive blob does not have'),
}

const bytesOf = (one: PendingRow | LostRow | undefined): number =>
  one === undefined || 'cause' in one
    ? 0
    : one.events.reduce((sum, { event }) => sum + eventJson(event.fields).byteLength, 0)
