import type { ArchiveLine, StoredBlob } from './archive-line.ts'
import type { Received } from './received.ts'

/** A message as the hub took it. */
export interface SentMessage {
  readonly partition: string
  readonly sequenceNumber: number
  readonly enqueuedAtMs: number
  readonly body: Uint8Array
  /** Exact texts of records that are whole in it, in their order, where its maker knows them. */
  readonly made?: readonly string[]
}

/** A line of the archive that the outbox or a dead letter names. */
export interface Pointer {
  /** Absent: a record that never became an event. */
  readonly sink: string | undefined
  readonly blob: string
  readonly line: number
}

export interface DeadLetterEvidence extends Pointer {
  readonly code: string
  readonly firstTriedAtMs: number
  readonly deadLetteredAtMs: number
}

/** What one receiving server got. */
export interface SinkEvidence {
  readonly name: string
  readonly received: readonly Received[]
  /**
   * Whether what a line of the archive has was given up for a true reason; default: it always was.
   */
  readonly mayDie?: (deadLetter: DeadLetterEvidence, line: ArchiveLine) => boolean
}

/**
 * All that can be known of a run from outside: what was sent, and what archive, receivers, outbox
 * and dead letters hold.
 */
export interface Evidence {
  readonly sent: readonly SentMessage[]
  readonly archive: readonly StoredBlob[]
  readonly sinks: readonly SinkEvidence[]
  readonly pending: readonly Pointer[]
  readonly deadLetters: readonly DeadLetterEvidence[]
}
