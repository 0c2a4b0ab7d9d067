import { SINK_BEHAVIOURS, type SinkBehaviour } from './model-sink.ts'

/** Kinds of disruption in a run. */
export interface Disruptions {
  readonly crashes: boolean
  readonly storage: boolean
  /** Batches repeated with other limits, reset checkpoints, two hosts on one partition. */
  readonly reruns: boolean
  readonly recreation: boolean
  /** Clocks that are wrong for seconds: minutes or a year ahead, or a day behind. */
  readonly clocks?: boolean
  /** Unreadable rows in the tables. */
  readonly garbage?: boolean
  /**
   * An archive that claims to have blobs it did not store. Runs are then not reproducible by seed:
   * real compression takes part.
   */
  readonly lies?: boolean
  readonly behaviours: readonly [SinkBehaviour, ...SinkBehaviour[]]
}

export const ALL_DISRUPTIONS: Disruptions = {
  crashes: true,
  storage: true,
  reruns: true,
  recreation: true,
  clocks: true,
  garbage: true,
  behaviours: SINK_BEHAVIOURS,
}
