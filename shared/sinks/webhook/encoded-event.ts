import type { Encoded } from '../../delivery/sink.ts'

/**
 * An event as it will stand in the body: ready-made, so that any number of attempts encode it once.
 */
export interface EncodedEvent extends Encoded {
  /** JSON in UTF-8. */
  readonly json: Buffer
}
