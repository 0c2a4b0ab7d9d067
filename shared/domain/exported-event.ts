import type { Digest } from '../encoding/digest.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { Position } from './position.ts'
import type { RiskEvent } from './risk-event.ts'

/** Whatever is handed to sinks. */
export type ExportedEvent = RiskEvent | Heartbeat

/**
 * An event together with where its evidence lies. Everything is archived before anything is
 * delivered.
 */
export interface ArchivedEvent {
  readonly event: ExportedEvent
  /**
   * The event's JSON in UTF-8, as it stands in its archive line: made once, shared by all sinks.
   */
  readonly eventJson: Buffer
  readonly position: Position
  /** Which record of the message, from 0. */
  readonly ordinal: number
  /** Digest of the record's exact bytes. */
  readonly digest: Digest
  /** Name of the archive blob. */
  readonly blob: string
  /** Line in that blob, from 0. */
  readonly line: number
}
