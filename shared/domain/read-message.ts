import type { ExportedEvent } from './exported-event.ts'
import type { Fault } from './fault.ts'
import type { Digest } from './identifiers.ts'
import type { Position } from './position.ts'
import type { Origin } from './risk-event.ts'

/**
 * Exact content in the form in which an archive line can hold it:
 * `json` is valid JSON on one line, nested at most 64 deep, and stands in the line as it is;
 * `text` is any other valid UTF-8, as a JSON string; `base64` is what is not UTF-8.
 */
export type ExactContent =
  | { readonly form: 'json'; readonly text: string }
  | { readonly form: 'text'; readonly text: string }
  | { readonly form: 'base64'; readonly text: string }

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

/** A message whose records could be told apart; their number is `records.length`, the skipped ones included. */
export interface SplitMessage extends MessageEvidence {
  readonly status: 'split'
  readonly records: readonly ReadRecord[]
}

/** A message in which no records could be found: it counts as one record, a fault. */
export interface UnsplitMessage extends MessageEvidence {
  readonly status: 'unsplit'
  readonly fault: Fault
  readonly body: ExactContent
}

/** A message as the source read it. */
export type ReadMessage = SplitMessage | UnsplitMessage
