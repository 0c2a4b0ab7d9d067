import type { Instant } from '../domain/identifiers.ts'
import type { DiagnosticSetting } from './diagnostic-setting.ts'
import type { GraphFault } from './graph-fault.ts'

/** Facts in the compared time range, each counted once. */
export interface FactCounts {
  /** In Graph and received from the stream. */
  readonly inBoth: number
  /** Received from the stream, but not, or no longer, in Graph. */
  readonly onlyInStream: number
  /** In Graph, but not received from the stream: lost or late. */
  readonly onlyInGraph: number
  /** Of `inBoth`: those with more or newer values in Graph. */
  readonly enrichedInGraph: number
}

/** A Graph collection that could not be read completely. */
export interface UnreadCollection {
  readonly name: string
  readonly fault: GraphFault
}

/** Result of comparing Graph with the archive. */
export interface ReconcileReport extends FactCounts {
  readonly at: Instant
  /** Start of the compared time range, by last update. */
  readonly from: Instant
  /** Of `onlyInGraph`: not archived, past the grace period, and not sent recently. */
  readonly due: number
  /** Of `due`: sent to the hub by this run. */
  readonly sent: number
  /** Last update of the oldest fact that is not archived. */
  readonly oldestMissingAt?: Instant
  /** Longest time from a fact's last update to its arrival at the hub, in seconds. */
  readonly streamLagSeconds: number
  /** `onlyInGraph` per thousand facts in Graph. */
  readonly streamLossPerMille: number
  readonly unread: readonly UnreadCollection[]
  /** Absent in reports of a single run by an operator. */
  readonly diagnosticSetting?: DiagnosticSetting
}

/** Per mille, rounded up to a tenth, so that a single lost fact never shows as 0. */
export const perMille = (lost: number, all: number): number =>
  all === 0 ? 0 : Math.ceil((lost / all) * 10_000) / 10
