import type { Digest } from '../encoding/digest.ts'
import type { FlatEvent } from './exported-event.ts'
import type { Fault } from './fault.ts'
import type { Position } from './position.ts'
import type { Origin } from './risk-event.ts'

/** Exact content as a JSON string in an archive line: `text` if valid UTF-8, else `base64`. */
export interface QuotedContent {
  readonly form: 'text' | 'base64'
  readonly text: string
}

/**
 * Exact content as an archive line stores it; `json`: valid UTF-8 JSON on one line, nested at most
 * 64 deep, whose bytes appear in the line unchanged.
 */
export type ExactContent = { readonly form: 'json'; readonly bytes: Uint8Array } | QuotedContent

/** Result of reading a record. */
export type RecordReading =
  | { readonly status: 'event'; readonly event: FlatEvent }
  | {
      readonly status: 'fault'
      readonly fault: Fault
      readonly origin: Origin
      /** As sent, if readable. */
      readonly category?: string
    }
  | { readonly status: 'skipped' }

/** One record of a message: its exact bytes and how it was read. */
export interface ReadRecord {
  /** Index of the record in its message, from 0. */
  readonly ordinal: number
  readonly bytes: number
  /** Computed on demand: skipped records need none. */
  readonly digest: () => Digest
  readonly content: ExactContent
  readonly reading: RecordReading
}

interface MessageEvidence {
  readonly position: Position
  readonly bodyBytes: number
  readonly bodyDigest: () => Digest
}

/** A message that could be split into records; `records` includes skipped ones. */
export interface SplitMessage extends MessageEvidence {
  readonly status: 'split'
  readonly records: readonly ReadRecord[]
}

/** A message in which no records were found: counts as one faulty record. */
export interface UnsplitMessage extends MessageEvidence {
  readonly status: 'unsplit'
  readonly fault: Fault
  readonly body: QuotedContent
}

/** Result of reading a message. */
export type ReadMessage = SplitMessage | UnsplitMessage
