import type { ArchiveLine, StoredBlob } from './archive-line.ts'
import type { Received } from './received.ts'

/** A message as accepted by the hub. */
export interface SentMessage {
  readonly partition: string
  readonly sequenceNumber: number
  readonly enqueuedAtMs: number
  readonly body: Uint8Array
  /** Exact texts of its intact records, in order, if its generator knows them. */
  readonly made?: readonly string[]
}

/** An archive line that the outbox or a dead letter refers to. */
export interface Pointer {
  /** Absent for a record that never became an event. */
  readonly sink: string | undefined
  readonly blob: string
  readonly line: number
}

export interface DeadLetterEvidence extends Pointer {
  readonly code: string
  readonly firstTriedAtMs: number
  readonly deadLetteredAtMs: number
}

/** What one receiver holds. */
export interface SinkEvidence {
  readonly name: string
  readonly received: readonly Received[]
  /** Whether the sink is to get the event of an archive line; default: every one. */
  readonly accepts?: (line: ArchiveLine) => boolean
  /** Whether an archive line was dead-lettered for a valid reason; default: always. */
  readonly mayBeDeadLettered?: (deadLetter: DeadLetterEvidence, line: ArchiveLine) => boolean
}

/**
 * Everything observable of a run from outside: what was sent, and what archive, receivers, outbox
 * and dead letters hold.
 */
export interface Evidence {
  readonly sent: readonly SentMessage[]
  readonly archive: readonly StoredBlob[]
  readonly sinks: readonly SinkEvidence[]
  readonly pending: readonly Pointer[]
  readonly deadLetters: readonly DeadLetterEvidence[]
}
