/** An event as far as refusals go. */
interface Refusable {
  readonly eventId: string
  readonly route?: string
}

/** Events remembered at most. Once forgotten, an event's next refusal counts as its first. */
const MAX_REFUSED_ALONE = 10_000

/**
 * What one process has seen a sink accept and refuse, whichever flow sent it. A refusal proves an
 * event bad only if the sink accepts others: an event that was refused alone counts as bad once
 * another event of its route is accepted.
 *
 * Time is counted in accepted requests, not by a clock: a quiet night proves nothing.
 */
export class Refusals {
  #taken = 0
  readonly #lastTaken = new Map<string, number>()
  /** By event id: how much had been taken when it was first refused alone. The oldest is first. */
  readonly #refusedAloneEvents = new Map<string, number>()

  /** How many requests have been taken so far. */
  get taken(): number {
    return this.#taken
  }

  /** Notes that a request brought these events. */
  noteTaken(events: readonly Refusable[]): void {
    this.#taken += 1
    for (const { eventId, route = '' } of events) {
      this.#lastTaken.set(route, this.#taken)
      this.#refusedAloneEvents.delete(eventId)
    }
  }

  /**
   * Notes that an event was refused alone.
   * @returns whether it was so for the first time
   */
  noteRefused({ eventId }: Refusable): boolean {
    if (this.#refusedAloneEvents.has(eventId)) return false
    const [oldest] = this.#refusedAloneEvents.keys()
    if (oldest !== undefined && this.#refusedAloneEvents.size >= MAX_REFUSED_ALONE)
      this.#refusedAloneEvents.delete(oldest)
    this.#refusedAloneEvents.set(eventId, this.#taken)
    return true
  }

  /** Whether it was refused alone before, and no other event of its route was taken since. */
  isRefusedAlone(event: Refusable): boolean {
    return this.#refusedAloneEvents.has(event.eventId) && !this.hasAcceptedAfterRefusing(event)
  }

  /** Whether an event of the same route was taken after so many requests had been. */
  hasTakenSince({ route = '' }: Refusable, taken: number): boolean {
    return (this.#lastTaken.get(route) ?? 0) > taken
  }

  /** Whether another event of the same route was taken after this one had been refused alone. */
  hasAcceptedAfterRefusing(event: Refusable): boolean {
    const since = this.#refusedAloneEvents.get(event.eventId)
    return since !== undefined && this.hasTakenSince(event, since)
  }

  /** Forgets an event that was found to be bad. */
  forget({ eventId }: Refusable): void {
    this.#refusedAloneEvents.delete(eventId)
  }
}
