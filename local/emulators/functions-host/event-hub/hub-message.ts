import type { Json } from '../../../../shared/encoding/json.ts'

/**
 * One message of a partition: exact bytes, position, and what its sender and the hub said about it.
 */
export interface HubMessage {
  readonly body: Uint8Array
  readonly sequenceNumber: number
  readonly offset: string
  readonly enqueuedAtMs: number
  readonly partitionKey?: string
  /** Application properties of the sender. */
  readonly properties?: Readonly<Record<string, Json>>
  /** Annotations of the hub other than the position. */
  readonly systemProperties?: Readonly<Record<string, Json>>
}

/** Whose messages a batch holds. */
export interface PartitionName {
  readonly fullyQualifiedNamespace: string
  readonly eventHubName: string
  readonly consumerGroup: string
  readonly partitionId: string
}
