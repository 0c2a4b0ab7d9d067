import type { Encoded } from '../../delivery/sink.ts'

/** An event as it will stand in the body: ready-made, so that any number of attempts encode it once. */
export interface EncodedEvent extends Encoded {
  readonly text: string
  /** Of the text, in UTF-8. */
  readonly bytes: number
}
