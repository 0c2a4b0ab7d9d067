import type { Instant } from './identifiers.ts'
import { isoInstant } from './iso-instant.ts'

/** The place of a message in the stream. */
export interface Position {
  /** Fully qualified, such as `name.servicebus.windows.net`. */
  readonly namespace: string
  readonly hub: string
  readonly partition: string
  /** Unique and ascending within a partition and incarnation of the hub. */
  readonly sequenceNumber: number
  /** Opaque; a string since geo-replication. */
  readonly offset: string
  readonly enqueuedAt: Instant
}

/** One Event Hub message: exact bytes and position. The body is untrusted and not yet parsed. */
export interface Message {
  readonly position: Position
  readonly body: Uint8Array
}

/** The position as JSON text, keys in the order of the archive line. */
export const positionJson = (p: Position): string =>
  `{"namespace":${JSON.stringify(p.namespace)},"hub":${JSON.stringify(p.hub)},"partition":${JSON.stringify(p.partition)},` +
  `"sequenceNumber":${p.sequenceNumber},"offset":${JSON.stringify(p.offset)},"enqueuedAt":"${isoInstant(p.enqueuedAt)}"}`
