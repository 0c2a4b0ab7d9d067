import type { Message, Position } from './position.ts'

/**
 * A message of which the host did not say in a way that can be read where it sits in its partition.
 */
export interface MessageWithoutPosition {
  readonly partition: Pick<Position, 'namespace' | 'hub' | 'partition'>
  /**
   * Exact bytes; `undefined` where the host handed over something else, which is then in `told`.
   */
  readonly body: Uint8Array | undefined
  /** All that the host said of it, as JSON text. */
  readonly told: string
  /** What could not be read. Safe to be logged. */
  readonly reason: string
}

/** What a trigger hands over, message by message. */
export interface TriggerBatch {
  /** In the stream's order. */
  readonly messages: readonly Message[]
  readonly withoutPosition: readonly MessageWithoutPosition[]
}
