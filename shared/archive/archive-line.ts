import type { ArchivedEvent, ExportedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import type { Position } from '../domain/position.ts'
import type { Origin } from '../domain/risk-event.ts'
import type { Digest } from '../encoding/digest.ts'

/** What every line of a record or message has. */
export interface RecordLineBase {
  readonly position: Position
  readonly bodyBytes: number
  readonly bodyDigest: Digest
  readonly ordinal: number
  /** Number of records in the message. */
  readonly of: number
  readonly origin: Origin
  readonly blob: string
  /** Line in the blob, from 0. */
  readonly line: number
}

/** A line of the archive, read back. */
export type ArchiveLine =
  | (RecordLineBase & {
      readonly kind: 'event'
      readonly category: string
      readonly digest: Digest
      readonly event: ExportedEvent
      /** Made when it is asked for. */
      readonly archived: ArchivedEvent
      /** Exact bytes of the record. */
      readonly record: Uint8Array
    })
  | (RecordLineBase & {
      readonly kind: 'fault'
      readonly category?: string
      readonly digest: Digest
      readonly fault: Fault
      readonly record: Uint8Array
    })
  | (RecordLineBase & {
      readonly kind: 'unsplit'
      readonly fault: Fault
      /** Exact bytes of the message. */
      readonly body: Uint8Array
    })
  | {
      readonly kind: 'skipped'
      readonly position: Position
      readonly firstSequenceNumber: number
      readonly lastSequenceNumber: number
      readonly messages: number
      readonly records: number
      readonly blob: string
      readonly line: number
    }
