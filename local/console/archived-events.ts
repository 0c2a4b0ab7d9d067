import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import type { FlatEvent } from '../../shared/domain/exported-event.ts'

/** An archived event, and its record's position in the stream. */
export interface ArchivedRecord {
  /** Number of its event id, shared by records that say the same. */
  readonly id: number
  /** Sinks that the settings keep it from. */
  readonly filteredAt: readonly string[]
  readonly partition: string
  readonly sequenceNumber: number
  readonly enqueuedAt: number
}

/** What the settings let through, by sink. */
export type SinkFilters = ReadonlyMap<string, (event: FlatEvent) => boolean>

/** A line of the archive, as outbox, dead letters, receipts and receivers name it. */
export interface LinePointer {
  readonly blob: string
  readonly line: number
}

/** Archived events, numbered from 0: one per record, however many blobs hold a copy. */
export class ArchivedEvents {
  readonly #records: ArchivedRecord[] = []
  readonly #ids = new Map<string, number>()
  readonly #byPosition = new Map<string, number>()
  readonly #lines = new Map<string, Map<number, number>>()
  readonly #filters: SinkFilters

  constructor(filters: SinkFilters) {
    this.#filters = filters
  }

  get count(): number {
    return this.#records.length
  }

  /** Adds an event, or another copy of one. */
  add({ blob, line, position, ordinal, archived }: Extract<ArchiveLine, { kind: 'event' }>): void {
    const { partition, sequenceNumber, enqueuedAt } = position
    const key = `${partition}/${sequenceNumber}@${enqueuedAt}#${ordinal}`
    let number = this.#byPosition.get(key)
    if (number === undefined) {
      number = this.#records.length
      this.#byPosition.set(key, number)
      const { eventId } = archived.event
      const id = this.#ids.get(eventId) ?? this.#ids.size
      this.#ids.set(eventId, id)
      const filteredAt = [...this.#filters].flatMap(([sink, accepts]) =>
        accepts(archived.event) ? [] : [sink],
      )
      this.#records.push({ id, filteredAt, partition, sequenceNumber, enqueuedAt })
    }
    this.#linesOf(blob).set(line, number)
  }

  /** Records that a blob was read, for a line without an event that counts. */
  pass({ blob }: LinePointer): void {
    this.#linesOf(blob)
  }

  hasRead(blob: string): boolean {
    return this.#lines.has(blob)
  }

  /** The number of the event on a line; `undefined` if none is known. */
  numberOf({ blob, line }: LinePointer): number | undefined {
    return this.#lines.get(blob)?.get(line)
  }

  record(number: number): ArchivedRecord | undefined {
    return this.#records[number]
  }

  records(): IterableIterator<readonly [number, ArchivedRecord]> {
    return this.#records.entries()
  }

  #linesOf(blob: string): Map<number, number> {
    const lines = this.#lines.get(blob) ?? new Map<number, number>()
    this.#lines.set(blob, lines)
    return lines
  }
}
