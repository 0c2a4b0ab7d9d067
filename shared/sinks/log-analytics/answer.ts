/** The service's answer to one request. */
export interface Answer {
  readonly status: number
  /** How long it asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** Azure's error code, such as `InvalidStream`. */
  readonly errorCode: string | undefined
}

/** The one status of success. Any other 2xx does not come from the Logs Ingestion API. */
export const ACCEPTED = 204
