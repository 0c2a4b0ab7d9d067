/** Position of a message in its partition. */
export interface MessagePosition {
  readonly partition: string
  readonly sequenceNumber: number
  /** Opaque to clients; here the byte position in the partition's log. */
  readonly offset: string
  /** UTC, milliseconds since 1970; never decreases within a partition. */
  readonly enqueuedAtMs: number
}

/** A stored message, seen from outside. */
export interface StoredMessage extends MessagePosition {
  readonly body: Uint8Array
}

/** State of a partition. */
export interface PartitionState {
  readonly partition: string
  readonly firstSequenceNumber: number
  /** -1 while the partition is empty. */
  readonly lastSequenceNumber: number
  /** '-1' while the partition is empty. */
  readonly lastOffset: string
  /** 0 while the partition is empty. */
  readonly lastEnqueuedAtMs: number
  readonly isEmpty: boolean
}
