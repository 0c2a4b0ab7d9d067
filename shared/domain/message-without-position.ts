import type { Message, Position } from './position.ts'

/** A message for which the host reported no readable position. */
export interface MessageWithoutPosition {
  readonly partition: Pick<Position, 'namespace' | 'hub' | 'partition'>
  /** Exact bytes; `undefined` if the host passed something else, which is then in `reported`. */
  readonly body: Uint8Array | undefined
  /** Everything the host reported about it, as JSON text. */
  readonly reported: string
  /** What could not be read; safe to log. */
  readonly reason: string
}

/** The messages of one trigger invocation. */
export interface TriggerBatch {
  /** In stream order. */
  readonly messages: readonly Message[]
  readonly withoutPosition: readonly MessageWithoutPosition[]
}
