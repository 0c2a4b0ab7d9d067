/** What the service said to one request. */
export interface Answer {
  readonly status: number
  /** How long it asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** Azure's word for what went wrong, as `InvalidStream`. */
  readonly errorCode: string | undefined
}

/**
 * The one status that means "taken". Another 2xx comes from something that is not the Logs
 * Ingestion API.
 */
export const ACCEPTED = 204
