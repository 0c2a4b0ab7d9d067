import type { Encoded } from '../../delivery/sink.ts'

/** An event as it appears in the body, encoded once for any number of attempts. */
export interface EncodedEvent extends Encoded {
  /** JSON in UTF-8. */
  readonly json: Buffer
}
