import type { JsonObject } from '../json.ts'

/** A request that a receiver has stored. */
export interface StoredRequest {
  /** The sender's request id: `webhook-id` or `x-ms-client-request-id`. */
  readonly requestId: string
  readonly eventIds: readonly string[]
  /** As received. */
  readonly events: readonly JsonObject[]
  readonly atMs: number
  /**
   * Settles when the exchange is over: whether the whole answer was passed to the connection. If
   * `true`, the sender may still not have read it; if `false`, it cannot have.
   */
  readonly answered: Promise<boolean>
}
