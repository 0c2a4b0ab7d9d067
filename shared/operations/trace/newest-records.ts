import type { ArchiveLine } from '../../archive/archive-line.ts'
import { positionJson } from '../../domain/position.ts'

export type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>

/**
 * An archived record with every copy of it in the archive: a batch run twice may be archived twice.
 */
export interface FoundRecord {
  readonly line: RecordLine
  readonly copies: readonly { readonly blob: string; readonly line: number }[]
}

/** Keeps the newest of the records it is given, in bounded memory. */
export class NewestRecords {
  readonly #max: number
  #found = new Map<string, FoundRecord>()
  /** Whether older ones were left out. */
  more = false

  constructor(max: number) {
    this.#max = max
  }

  add(line: RecordLine): void {
    const key = `${positionJson(line.position)}#${line.ordinal}`
    const known = this.#found.get(key)
    const copies = [...(known?.copies ?? []), { blob: line.blob, line: line.line }]
    this.#found.set(key, { line: clearer(known?.line, line), copies })
    if (this.#found.size >= 2 * this.#max + 1) this.#cut()
  }

  /** Newest last. */
  inTime(): readonly FoundRecord[] {
    this.#cut()
    return [...this.#found.values()]
  }

  #cut(): void {
    const sorted = [...this.#found].sort(([, a], [, b]) => byTime(a, b))
    if (sorted.length > this.#max) this.more = true
    this.#found = new Map(sorted.slice(-this.#max))
  }
}

const byTime = ({ line: a }: FoundRecord, { line: b }: FoundRecord): number =>
  a.position.enqueuedAt - b.position.enqueuedAt

/** Prefers an event to the raw form of the same record, from a program that could not read it. */
const clearer = (known: RecordLine | undefined, line: RecordLine): RecordLine =>
  known === undefined || (known.kind !== 'event' && line.kind === 'event') ? line : known
