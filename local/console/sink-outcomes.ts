import type { ArrivedEvents } from './arrived-events.ts'
import { Latency } from './latency.ts'
import type { SinkState } from './stack-state.ts'

/** An event of the archive, under all names that copies of its line have. */
export interface KeptEvent {
  readonly eventId: string
  readonly pointers: string[]
  readonly enqueuedAtMs: number
}

/** What is known from outside of the events at one sink. */
export interface SinkEvidence {
  readonly arrived: ArrivedEvents
  /** Whether the receiver holds an event of this id. */
  readonly holds: (eventId: string) => boolean
  readonly pending: ReadonlySet<string>
  readonly deadLettered: ReadonlySet<string>
}

export type OutcomeCounts = Omit<SinkState, 'name' | 'state' | 'behaviour' | 'filtered'>

/** No delivery takes longer that is not pending meanwhile. */
const MISSING_AFTER_MS = 30_000

/**
 * How the events of the archive ended at one sink, counted as the judge of `--once` does: an event is delivered once the receiver holds what
 * names its line. What is delivered is not looked for again.
 */
export class SinkOutcomes {
  readonly #open = new Map<KeptEvent, number>()
  readonly #latency = new Latency()
  #delivered = 0

  /** @param seenAtMs when the event was found in the archive */
  add(event: KeptEvent, seenAtMs: number): void {
    this.#open.set(event, seenAtMs)
  }

  look({ arrived, holds, pending, deadLettered }: SinkEvidence, nowMs: number): OutcomeCounts {
    const counts = { pending: 0, deadLettered: 0, duplicate: 0, onTheWay: 0, missing: 0 }
    for (const [event, seenAtMs] of this.#open) {
      const arrivals = event.pointers.map((pointer) => arrived.firstAtMs(pointer) ?? Number.POSITIVE_INFINITY)
      const firstAtMs = Math.min(...arrivals)
      if (Number.isFinite(firstAtMs)) {
        this.#open.delete(event)
        this.#delivered += 1
        this.#latency.add(Math.max(0, firstAtMs - event.enqueuedAtMs))
      } else if (event.pointers.some((pointer) => pending.has(pointer))) counts.pending += 1
      else if (event.pointers.some((pointer) => deadLettered.has(pointer))) counts.deadLettered += 1
      else if (holds(event.eventId)) counts.duplicate += 1
      else if (nowMs - seenAtMs < MISSING_AFTER_MS) counts.onTheWay += 1
      else counts.missing += 1
    }
    const latencyMs = this.#latency.percentiles()
    return {
      ...counts,
      delivered: this.#delivered,
      received: arrived.received,
      receivedTwice: arrived.repeated,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    }
  }
}
