import type { Encoded } from '../../delivery/sink.ts'
import type { Span } from '../../encoding/span.ts'

/** An event as it appears in the body, as JSON, encoded once for any number of attempts. */
export interface EncodedEvent extends Encoded, Span {}
