import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/** A message as the hub took it. */
export interface SentMessage {
  readonly partition: string
  readonly sequenceNumber: number
  readonly body: Uint8Array
}

/** One event as a receiving server holds it. */
export interface LandedEvent {
  readonly eventId: string
  /** What landed, without what only the time of sending decides. */
  readonly content: JsonObject
}

/** A pointer from a ledger or a dead letter. */
export interface Pointer {
  readonly sink: string | undefined
  readonly blob: string
  readonly line: number
}

/** What one receiving server got, and what it ought to look like. */
export interface SinkEvidence {
  readonly name: string
  readonly landed: readonly LandedEvent[]
  /** Content that the archive line's event makes at this sink. */
  readonly expected: (line: Extract<ArchiveLine, { kind: 'event' }>) => JsonObject
}

/** Everything that can be known of a run from outside: what was sent, and what archive, receivers, ledger and dead letters hold. */
export interface Evidence {
  readonly sent: readonly SentMessage[]
  readonly blobs: number
  readonly lines: readonly ArchiveLine[]
  readonly sinks: readonly SinkEvidence[]
  readonly owed: readonly Pointer[]
  readonly deadLetters: readonly Pointer[]
}
