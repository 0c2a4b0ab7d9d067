import { type Fault, sinkFault } from '../../domain/fault.ts'
import type { Encoded } from '../sink.ts'
import type { Item } from './deliveries.ts'
import type { Refusals } from './refusals.ts'

/** An event, and why it was refused. */
interface Refusal {
  readonly item: Item
  readonly fault: Fault
}

interface RefusedEvent extends Refusal {
  /** Never refused alone before, as far as this process knows. */
  readonly isNew: boolean
  /** How many requests had been taken when it was refused in this run. */
  readonly takenThen: number
}

/** This many refused alone in a row, with nothing accepted: the sink refuses everything. */
export const TOO_MANY = 3

/** Events refused in earlier runs that one run asks about again before it goes on to others. */
const ASKED_AGAIN = 3

/** The sink's fault, in place of the record's. */
const allRefused = ({ message, status }: Fault): Fault =>
  sinkFault(
    'allRefused',
    `${message} The sink has accepted nothing else since, so this counts against the sink, not against the event.`,
    status === undefined ? {} : { status },
  )

/**
 * The events that one run of deliveries saw refused alone, until it is clear whose fault that is.
 * Judged per route:
 *
 * - Another event is accepted later in the run: the record's fault.
 * - Three are refused in a row with nothing accepted in between: the sink's fault. Those of
 *   earlier runs do not count, so each run gets three events further, and no number of bad records
 *   holds up what is behind them for long.
 * - Fewer than three, and another event was accepted earlier in this run, or in any run since this
 *   one was first refused: the record's fault.
 * - Otherwise nothing is proven yet: the sink's fault for the time being.
 */
export class RefusedAlone {
  readonly #refusals: Refusals
  readonly #takenBefore: number
  readonly #bad: Refusal[] = []
  #open: readonly RefusedEvent[] = []

  constructor(refusals: Refusals) {
    this.#refusals = refusals
    this.#takenBefore = refusals.taken
  }

  /** Notes what a request brought. */
  taken(items: readonly Item[]): void {
    if (items.length === 0) return
    this.#refusals.noteTaken(items.map(({ encoded }) => encoded))
    this.#condemn(({ item, takenThen }) => this.#refusals.hasTakenSince(item.encoded, takenThen))
  }

  /**
   * Notes that an event was refused alone.
   * @returns the sink's fault, where it refuses all
   */
  refused(item: Item, fault: Fault): Fault | undefined {
    const isNew = this.#refusals.noteRefused(item.encoded)
    this.#open = [...this.#open, { item, fault, isNew, takenThen: this.#refusals.taken }]
    return this.#areTooMany(item.encoded) ? allRefused(fault) : undefined
  }

  /** Whether one was refused, and this run has seen nothing accepted to compare it with. */
  get areUndecided(): boolean {
    return this.#open.length > 0 && this.#refusals.taken === this.#takenBefore
  }

  /**
   * Whether to ask about an event only once something is accepted: it was refused alone before, and
   * enough such events have been refused again in this run. What is behind them decides.
   */
  isLeftForLater({ encoded }: Item): boolean {
    const askedAgain = this.#open.filter(({ isNew }) => !isNew).length
    return this.areUndecided && askedAgain >= ASKED_AGAIN && this.#refusals.isRefusedAlone(encoded)
  }

  /** What is to become of each, now that the run is over. */
  verdicts(): { readonly bad: readonly Refusal[]; readonly unproven: readonly Refusal[] } {
    this.#condemn(
      ({ item: { encoded } }) =>
        !this.#areTooMany(encoded) &&
        (this.#refusals.hasAcceptedAfterRefusing(encoded) ||
          this.#refusals.hasTakenSince(encoded, this.#takenBefore)),
    )
    return {
      bad: this.#bad,
      unproven: this.#open.map(({ item, fault }) => ({ item, fault: allRefused(fault) })),
    }
  }

  #areTooMany({ route }: Encoded): boolean {
    return this.#open.filter(({ isNew, item }) => isNew && item.encoded.route === route).length >= TOO_MANY
  }

  #condemn(isBad: (refusal: RefusedEvent) => boolean): void {
    const condemned = new Set(this.#open.filter(isBad))
    for (const { item, fault } of condemned) {
      this.#refusals.forget(item.encoded)
      this.#bad.push({ item, fault })
    }
    this.#open = this.#open.filter((refusal) => !condemned.has(refusal))
  }
}
