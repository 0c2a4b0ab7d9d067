import type { Digest } from '../encoding/digest.ts'
import type { ExportedEvent } from './exported-event.ts'
import type { Fault } from './fault.ts'
import type { Position } from './position.ts'
import type { Origin } from './risk-event.ts'

/**
 * Exact content that an archive line holds as a JSON string: `text` is valid UTF-8, `base64` is
 * what is not.
 */
export interface QuotedContent {
  readonly form: 'text' | 'base64'
  readonly text: string
}

/**
 * Exact content in the form in which an archive line can hold it: `json` is valid UTF-8 JSON on one
 * line, nested at most 64 deep, whose bytes stand in the line as they are.
 */
export type ExactContent = { readonly form: 'json'; readonly bytes: Uint8Array } | QuotedContent

/** How a record was understood. */
export type RecordReading =
  | { readonly status: 'event'; readonly event: ExportedEvent }
  | {
      readonly status: 'fault'
      readonly fault: Fault
      readonly origin: Origin
      /** As sent, where it could be read. */
      readonly category?: string
    }
  | { readonly status: 'skipped' }

/** One record of a message: its exact bytes and what became of them. */
export interface ReadRecord {
  /** Which record of the message, from 0. */
  readonly ordinal: number
  readonly bytes: number
  readonly digest: Digest
  readonly content: ExactContent
  readonly reading: RecordReading
}

interface MessageEvidence {
  readonly position: Position
  readonly bodyBytes: number
  readonly bodyDigest: Digest
}

/**
 * A message whose records could be told apart; their number is `records.length`, the skipped ones
 * included.
 */
export interface SplitMessage extends MessageEvidence {
  readonly status: 'split'
  readonly records: readonly ReadRecord[]
}

/** A message in which no records could be found: it counts as one record, a fault. */
export interface UnsplitMessage extends MessageEvidence {
  readonly status: 'unsplit'
  readonly fault: Fault
  readonly body: QuotedContent
}

/** A message as the source read it. */
export type ReadMessage = SplitMessage | UnsplitMessage
