import { SINK_BEHAVIOURS, type SinkBehaviour } from './model-sink.ts'

/** What may go wrong in a run. */
export interface Disruptions {
  readonly crashes: boolean
  readonly storage: boolean
  /** Batches run again with other edges, rewound checkpoints, two hosts on one partition. */
  readonly reruns: boolean
  readonly recreation: boolean
  /** Machines whose clock is wrong for seconds: minutes or a year ahead, or a day behind. */
  readonly clocks?: boolean
  /** Rows in the tables that nobody can read. */
  readonly garbage?: boolean
  /**
   * An archive that says of what it did not store that it is there. Then a seed does not give the
   * same run: real compression takes part.
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
