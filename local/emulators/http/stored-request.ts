import type { JsonObject } from '../../../shared/encoding/json.ts'

/** A request that a receiving server stored, as far as whoever runs that server is told. */
export interface StoredRequest {
  /** The sender's own name for it: `webhook-id`, or `x-ms-client-request-id`. */
  readonly requestId: string
  readonly eventIds: readonly string[]
  /** As they came. */
  readonly events: readonly JsonObject[]
  readonly atMs: number
  /**
   * Settles when the exchange is over: whether the whole answer was handed to the sender's
   * connection. `true` does not say that the sender read it; `false` says that it cannot have.
   */
  readonly answered: Promise<boolean>
}
