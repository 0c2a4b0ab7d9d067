/** An event that a receiver stored, once. All instants are of one clock, in milliseconds. */
export interface Arrival {
  readonly eventId: string
  /** The record's position in the stream, unique across re-creations of the hub. */
  readonly position: string
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
  /** Absent: all partitions. */
  readonly partition?: string
  /** Absent: all sinks. */
  readonly sink?: string
}

/**
 * A process ingested the event at a position, delivered or pending; from then on its duplicate window
 * knows the event.
 */
export interface Ingestion {
  /** Absent if unknown. */
  readonly process?: string
  readonly from: number
  readonly to: number
}

/** History of one sink. */
export interface SinkHistory {
  readonly sink: string
  /** In order of arrival. */
  readonly arrivals: readonly Arrival[]
  /** By position. */
  readonly ingestions: ReadonlyMap<string, readonly Ingestion[]>
}

/** History of a run. */
export interface RunHistory {
  readonly startedAt: number
  readonly sinks: readonly SinkHistory[]
  readonly disruptions: readonly Disruption[]
  /** By event: its positions in the archive, and since when. */
  readonly archived: ReadonlyMap<string, ReadonlyMap<string, number>>
}
