import type { Json } from '../../json.ts'

/** One message of a partition: exact bytes, position, and properties set by sender and hub. */
export interface HubMessage {
  readonly body: Uint8Array
  readonly sequenceNumber: number
  readonly offset: string
  readonly enqueuedAtMs: number
  readonly partitionKey?: string
  /** Application properties set by the sender. */
  readonly properties?: Readonly<Record<string, Json>>
  /** Annotations set by the hub, except the position. */
  readonly systemProperties?: Readonly<Record<string, Json>>
}

/** Identifies the partition of a batch. */
export interface PartitionName {
  readonly fullyQualifiedNamespace: string
  readonly eventHubName: string
  readonly consumerGroup: string
  readonly partitionId: string
}
