/** Where a message stands in its partition. */
export interface MessagePosition {
  readonly partition: string
  readonly sequenceNumber: number
  /** Opaque to clients; here the message's place in the partition's log, in bytes. */
  readonly offset: string
  /** UTC, milliseconds since 1970; never falls within a partition. */
  readonly enqueuedAtMs: number
}

/** A message as the hub holds it, seen from outside. */
export interface StoredMessage extends MessagePosition {
  readonly body: Uint8Array
}

/** What is known of a partition as a whole. */
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
