import type { Instant } from '../domain/identifiers.ts'
import type { GraphFault } from './graph-fault.ts'

/** Facts of the compared time, each counted once. */
export interface FactCounts {
  /** Graph has them, and the stream brought them. */
  readonly inBoth: number
  /** The stream brought them, and Graph does not list them (any more). */
  readonly onlyInStream: number
  /** Graph has them, and the stream has not brought them: the holes of the stream. */
  readonly onlyInGraph: number
  /** Of those in both: Graph tells more by now. */
  readonly enrichedInGraph: number
}

/** A collection of Graph that could not be read, or not to its end. */
export interface UnreadCollection {
  readonly name: string
  readonly fault: GraphFault
}

/** What a comparison of Graph with the archive has found, and done. */
export interface ReconcileReport extends FactCounts {
  readonly at: Instant
  /** Facts last updated from here on were compared. */
  readonly from: Instant
  /** Of those only in Graph: neither archived by now nor on their way there. */
  readonly due: number
  /** Of those: sent to the hub by this run. */
  readonly sent: number
  /** Last update of the oldest fact that only Graph has. */
  readonly oldestMissingAt?: Instant
  /** The longest time from a fact's last update to its arrival at the hub, in seconds. */
  readonly streamLagSeconds: number
  /** Facts that the stream has not brought, of a thousand that Graph has. */
  readonly streamLossPerMille: number
  readonly unread: readonly UnreadCollection[]
}

/** Rounded up to a tenth, so that one lost fact never reads as none. */
export const perMille = (lost: number, all: number): number =>
  all === 0 ? 0 : Math.ceil((lost / all) * 10_000) / 10
