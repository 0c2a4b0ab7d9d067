/** An event that a receiver stored, once. All instants are of one clock, in milliseconds. */
export interface Arrival {
  readonly eventId: string
  /** Where the stream has what arrived, over re-creations of the hub. */
  readonly place: string
  readonly partition: string
  readonly at: number
  /** Whether the sender got the answer. */
  readonly answered: boolean
}

/** Something that can keep the program from recording what it did. */
export interface Disruption {
  readonly what: string
  readonly from: number
  readonly to: number
  /** Absent: it struck all partitions. */
  readonly partition?: string
  /** Absent: it struck all sinks. */
  readonly sink?: string
}

/**
 * A process ingested the event at a place, delivered or pending; from then on its duplicate window
 * knows the event.
 */
export interface TakenIn {
  /** Absent: not known. */
  readonly process?: string
  readonly from: number
  readonly to: number
}

/** What is known of one sink. */
export interface SinkHistory {
  readonly sink: string
  /** In the order of arrival. */
  readonly arrivals: readonly Arrival[]
  /** By place. */
  readonly takenIn: ReadonlyMap<string, readonly TakenIn[]>
}

/** What is known of a run. */
export interface RunHistory {
  readonly startedAt: number
  readonly sinks: readonly SinkHistory[]
  readonly disruptions: readonly Disruption[]
  /** By event: the places at which the archive has it, and since when it has each. */
  readonly archived: ReadonlyMap<string, ReadonlyMap<string, number>>
}
