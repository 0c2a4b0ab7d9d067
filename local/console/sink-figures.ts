import type { SinkOutcome, SinkTally } from '../../shared/domain/tally.ts'
import type { ArchivedEvents, ArchivedRecord, LinePointer } from './archived-events.ts'
import { Latency } from './latency.ts'

/** An event that a receiver has stored. */
export interface Arrival extends LinePointer {
  readonly atMs: number
}

/**
 * What stores and host say about one sink, read in this order: checkpoints, archive, outbox, dead
 * letters.
 */
export interface SinkEvidence {
  /** Last sequence number that the host has processed, by partition. */
  readonly checkpoints: ReadonlyMap<string, number>
  readonly pending: readonly LinePointer[]
  readonly deadLetters: readonly LinePointer[]
}

/**
 * Where every event is, counted as by `--once`: delivered if the receiver holds it from this very
 * record, duplicate if it holds, or will hold, it from another record of the same event.
 */
export interface SinkFigures extends SinkTally {
  /** Archived, but the host has not finished its message. */
  readonly onTheWay: number
  /** The host has finished its message, but it is nowhere. */
  readonly missing: number
  /** Events that the receiver holds, repetitions included, … */
  readonly received: number
  /** … and how many of them it already held, by event id. */
  readonly receivedTwice: number
}

type Outcome = SinkOutcome | 'onTheWay' | 'missing'

/** One sink seen from outside: what its receiver holds, and how soon it arrived. */
export class SinkCounter {
  readonly latency = new Latency()
  readonly #events: ArchivedEvents
  readonly #sink: string
  /** Arrivals for archive lines not yet read. */
  #unread: Arrival[] = []
  /** By number of the event. */
  readonly #times: number[] = []
  readonly #heldIds = new Set<number>()
  #received = 0

  constructor(events: ArchivedEvents, sink: string) {
    this.#events = events
    this.#sink = sink
  }

  store(arrivals: readonly Arrival[]): void {
    for (const arrival of arrivals) this.#unread.push(arrival)
  }

  figures({ checkpoints, pending, deadLetters }: SinkEvidence): SinkFigures {
    this.#readArrivals()
    const counts: Record<Outcome, number> = {
      delivered: 0,
      pending: 0,
      deadLettered: 0,
      duplicate: 0,
      filtered: 0,
      onTheWay: 0,
      missing: 0,
    }
    const waiting = this.#numbers(pending)
    const dead = this.#numbers(deadLetters)
    const knownIds = new Set(this.#heldIds)
    for (const number of [...waiting, ...dead]) knownIds.add(this.#events.record(number)?.id ?? -1)
    const outcome = (number: number, record: ArchivedRecord): Outcome => {
      if ((this.#times[number] ?? 0) > 0) return 'delivered'
      if (waiting.has(number)) return 'pending'
      if (dead.has(number)) return 'deadLettered'
      if (record.filteredAt.includes(this.#sink)) return 'filtered'
      if (knownIds.has(record.id)) return 'duplicate'
      return (checkpoints.get(record.partition) ?? -1) < record.sequenceNumber ? 'onTheWay' : 'missing'
    }
    for (const [number, record] of this.#events.records()) counts[outcome(number, record)] += 1
    return { ...counts, received: this.#received, receivedTwice: this.#received - this.#heldIds.size }
  }

  #readArrivals(): void {
    const unread: Arrival[] = []
    for (const arrival of this.#unread) {
      const number = this.#events.numberOf(arrival)
      const record = number === undefined ? undefined : this.#events.record(number)
      if (number === undefined || record === undefined) {
        if (!this.#events.hasRead(arrival.blob)) unread.push(arrival)
        continue
      }
      this.#received += 1
      this.#times[number] = (this.#times[number] ?? 0) + 1
      this.#heldIds.add(record.id)
      this.latency.add(Math.max(0, arrival.atMs - record.enqueuedAt))
    }
    this.#unread = unread
  }

  #numbers(pointers: readonly LinePointer[]): ReadonlySet<number> {
    return new Set(pointers.map((p) => this.#events.numberOf(p)).filter((n) => n !== undefined))
  }
}
