import type { Digest } from '../encoding/digest.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { Position } from './position.ts'
import type { RiskEvent } from './risk-event.ts'

/** Anything handed to sinks. */
export type ExportedEvent = RiskEvent | Heartbeat

/** An event, with its place in the archive: everything is archived before it is delivered. */
export interface ArchivedEvent {
  readonly event: ExportedEvent
  /** The event's JSON in UTF-8, as in its archive line: encoded once, shared by all sinks. */
  readonly eventJson: Buffer
  readonly position: Position
  /** Index of the record in its message, from 0. */
  readonly ordinal: number
  /** Digest of the record's exact bytes. */
  readonly digest: Digest
  /** Name of the archive blob. */
  readonly blob: string
  /** Line in that blob, from 0. */
  readonly line: number
}
