import { archiveBlob } from '../../archive/archive-blob.ts'
import type { LeanContainer } from '../../azure/lean-container.ts'
import { RECORDS_FOLDER } from '../../delivery/dead-letters/dead-letter-blobs.ts'
import type { DeadLetterReader, FiledDeadLetter } from '../../delivery/dead-letters/dead-letter-reader.ts'
import {
  type Outbox,
  type OutboxPartition,
  outboxPartitionOf,
  replayPartitionOf,
  type StoredRow,
} from '../../delivery/outbox/outbox.ts'
import { receiptsOf } from '../../delivery/receipts/newest-receipts.ts'
import type { ReadReceipt, ReadRequest } from '../../delivery/receipts/parse-receipt.ts'
import type { FaultCode } from '../../domain/fault.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import type { Position } from '../../domain/position.ts'
import { SINK_OUTCOMES } from '../../domain/tally.ts'
import type { FoundRecord } from './newest-records.ts'
import { includesLine, outcomeInReceipt, type TracedOutcome, tracedOutcome } from './trace-outcomes.ts'

/** One event in a record's history. */
export interface TraceStep {
  readonly at: Instant
  readonly what:
    | 'enqueued'
    | 'archived'
    | 'settled'
    | 'redelivered'
    | 'replayed'
    | 'pending'
    | 'deadLettered'
    | 'retried'
    | 'discarded'
  readonly sink?: string
  /** The record's outcome by this step. */
  readonly outcome?: TracedOutcome
  /** Counts of the receipt: of the whole chunk, or of the lines redelivered together. */
  readonly counts?: Readonly<Record<string, number>>
  /** Requests made; for pending deliveries, attempts so far. */
  readonly attempts?: number
  readonly fault?: FaultCode
  readonly status?: number
  /** Those that carried the record. */
  readonly requests?: readonly ReadRequest[]
  /** For operators: why, if known. */
  readonly message?: string
  readonly blob?: string
  readonly line?: number
}

/** Where a record came from and where it went. */
export interface TracedRecord extends FoundRecord {
  readonly outcomes: ReadonlyMap<string, TracedOutcome>
  /** In order of time. */
  readonly steps: readonly TraceStep[]
}

export interface TraceSources {
  readonly archive: LeanContainer
  readonly receipts: LeanContainer
  readonly deadLetters: Pick<DeadLetterReader, 'ofBlob'>
  readonly outbox: Pick<Outbox, 'rows' | 'rowsOfBlob'>
  readonly sinks: readonly string[]
}

/** Rows of an outbox partition that are read together: where there are fewer, these are all. */
const FIRST_ROWS = 100

interface Filed {
  readonly archivedAt: Instant | undefined
  readonly receipts: readonly ReadReceipt[]
  readonly deadLetters: readonly FiledDeadLetter[]
}

/** Collects what is on file about a record; each blob and outbox partition is read once. */
export class Tracer {
  readonly #sources: TraceSources
  readonly #filed = new Map<string, Promise<Filed>>()
  readonly #firstRows = new Map<string, Promise<readonly StoredRow[]>>()

  constructor(sources: TraceSources) {
    this.#sources = sources
  }

  async trace(found: FoundRecord): Promise<TracedRecord> {
    const { position } = found.line
    const steps: TraceStep[] = [{ at: position.enqueuedAt, what: 'enqueued' }]
    const outcomes = new Map<string, TracedOutcome>()
    // Rows before receipts: a receipt is filed before its row is removed, so that no outcome is missed.
    const pending = await Promise.all(
      this.#sources.sinks.map(async (sink) => ({
        sink,
        rows: await Promise.all(found.copies.map((copy) => this.#pendingRows(sink, position, copy))),
      })),
    )
    const filed = await Promise.all(found.copies.map((p) => this.#filedOf(p.blob)))
    for (const [i, copy] of found.copies.entries()) {
      const { archivedAt, receipts, deadLetters } = filed[i] ?? {
        archivedAt: undefined,
        receipts: [],
        deadLetters: [],
      }
      if (archivedAt !== undefined) steps.push({ at: archivedAt, what: 'archived', ...copy })
      steps.push(...receipts.flatMap((r) => receiptSteps(r, copy.line)))
      steps.push(...deadLetters.filter((l) => l.deadLetter.line === copy.line).flatMap(deadLetterSteps))
    }
    for (const { sink, rows } of pending) {
      for (const [i, { line }] of found.copies.entries()) {
        const { receipts = [], deadLetters = [] } = filed[i] ?? {}
        const own = rows[i] ?? []
        steps.push(...own.map((row) => pendingStep(sink, row)))
        if (found.line.kind !== 'event' && own.length === 0) continue
        const outcome = tracedOutcome({
          line,
          receipts: receipts.filter((r) => r.sink === sink),
          rows: own,
          deadLetters: deadLetters.filter((l) => l.deadLetter.sink === sink),
        })
        if (better(outcome, outcomes.get(sink))) outcomes.set(sink, outcome)
      }
    }
    return { ...found, outcomes, steps: steps.sort((a, b) => rankOf(a) - rankOf(b) || a.at - b.at) }
  }

  #filedOf(blob: string): Promise<Filed> {
    const known = this.#filed.get(blob) ?? this.#readFiled(blob)
    this.#filed.set(blob, known)
    return known
  }

  async #readFiled(blob: string): Promise<Filed> {
    const { archive, receipts, deadLetters, sinks } = this.#sources
    const { metadata } = await archive.getBlockBlobClient(blob).getProperties()
    const writtenMs = Date.parse(metadata?.writtenat ?? '')
    return {
      archivedAt: Number.isNaN(writtenMs) ? undefined : instant(writtenMs),
      receipts: await receiptsOf(receipts, blob),
      deadLetters: await deadLetters.ofBlob(blob, [...sinks, RECORDS_FOLDER]),
    }
  }

  async #pendingRows(
    sink: string,
    position: Position,
    { blob, line }: FoundRecord['copies'][number],
  ): Promise<readonly StoredRow[]> {
    const rows = await Promise.all(
      [outboxPartitionOf(sink, position), replayPartitionOf(sink, position)].map((outboxPartition) =>
        this.#rowsOf(outboxPartition, blob, position.enqueuedAt),
      ),
    )
    return rows.flat().filter((row) => row.blob === blob && includesLine(row.lines, line))
  }

  /** Rows that may point at a message of a blob. */
  async #rowsOf(
    outboxPartition: OutboxPartition,
    blob: string,
    enqueuedAt: Instant,
  ): Promise<readonly StoredRow[]> {
    const { outbox } = this.#sources
    const { sink, namespace, hub, partition } = outboxPartition
    const key = [sink, namespace, hub, partition].join('/')
    const first = this.#firstRows.get(key) ?? outbox.rows(outboxPartition, FIRST_ROWS)
    this.#firstRows.set(key, first)
    const rows = await first
    // A row has the name of the first message that it points at.
    return rows.length < FIRST_ROWS
      ? rows
      : outbox.rowsOfBlob(outboxPartition, blob, archiveBlob(blob)?.hour ?? instant(0), enqueuedAt)
  }
}

/** Of several copies, the most telling outcome counts. */
const RANK: readonly TracedOutcome[] = [
  'delivered',
  'pending',
  'deadLettered',
  'duplicate',
  'filtered',
  'noReceipt',
]
const better = (outcome: TracedOutcome, known: TracedOutcome | undefined): boolean =>
  known === undefined || RANK.indexOf(outcome) < RANK.indexOf(known)

/** Archiving comes first, whatever the clocks of two processes say. */
const rankOf = ({ what }: TraceStep): number => (what === 'enqueued' ? 0 : what === 'archived' ? 1 : 2)

/** What a receipt says about a line; empty if it is not about it. */
function receiptSteps(r: ReadReceipt, line: number): readonly TraceStep[] {
  const outcome = outcomeInReceipt(r, line)
  if (outcome === undefined) return []
  const requests = r.requests.filter(({ lines }) => includesLine(lines, line))
  return [
    {
      at: r.at,
      what: r.lines === undefined ? 'settled' : r.mode === undefined ? 'redelivered' : 'replayed',
      sink: r.sink,
      outcome,
      counts: Object.fromEntries(SINK_OUTCOMES.map((name) => [name, r[name]])),
      attempts: r.attempts,
      ...(r.fault === undefined ? {} : { fault: r.fault }),
      ...(r.status === undefined ? {} : { status: r.status }),
      ...(requests.length === 0 ? {} : { requests }),
    },
  ]
}

const deadLetterSteps = ({ deadLetter, actions }: FiledDeadLetter): readonly TraceStep[] => {
  const sink = deadLetter.sink === undefined ? {} : { sink: deadLetter.sink }
  const { code, message, status } = deadLetter.fault
  return [
    {
      at: deadLetter.deadLetteredAt,
      what: 'deadLettered',
      ...sink,
      attempts: deadLetter.attempts,
      fault: code,
      ...(status === undefined ? {} : { status }),
      message,
    },
    ...actions.map(({ at, action }): TraceStep => ({ at, what: action, ...sink })),
  ]
}

const pendingStep = (sink: string, row: StoredRow): TraceStep => ({
  at: row.firstTriedAt,
  what: 'pending',
  sink,
  attempts: row.attempts,
  ...(row.lastFault === undefined ? {} : { fault: row.lastFault.code, message: row.lastFault.message }),
})
