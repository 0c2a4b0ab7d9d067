import type { Digest } from '../encoding/digest.ts'
import type { EventFields } from './event-fields.ts'
import type { Heartbeat } from './heartbeat.ts'
import type { EventId, Instant } from './identifiers.ts'
import type { IdentityContext } from './identity-context.ts'
import type { Position } from './position.ts'
import type { ResponseAction } from './response-action.ts'
import type { RiskEvent } from './risk-event.ts'

/** What the exporter sends itself. */
export type OwnEvent = Heartbeat | IdentityContext | ResponseAction

/** An event as an object; `parseEvent` makes it on demand. */
export type ExportedEvent = RiskEvent | OwnEvent

/** Whether Microsoft detected it, in contrast to what the exporter sends itself. */
export const isRiskEvent = (event: ExportedEvent): event is RiskEvent =>
  event.kind === 'riskDetection' || event.kind === 'riskyIdentity'

/** An event as it is passed on: what routing needs, and its fields as spans of a buffer. */
export interface FlatEvent {
  readonly kind: ExportedEvent['kind']
  readonly category: ExportedEvent['category']
  readonly eventId: EventId
  readonly lastUpdatedAt: Instant
  readonly fields: EventFields
}

/** An event with its place in the archive; everything is archived before it is delivered. */
export interface ArchivedEvent {
  readonly event: FlatEvent
  readonly position: Position
  /** Index of the record in its message, from 0. */
  readonly ordinal: number
  /** Digest of the record's exact bytes. */
  readonly digest: Digest
  /** Name of the archive blob. */
  readonly blob: string
  /** Line in that blob, from 0. */
  readonly line: number
  /** Delivered because an operator asked for a replay: what it tells is history, not news. */
  readonly isReplay?: true
}
