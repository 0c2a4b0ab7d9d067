/** A receiver's answer. */
export interface Answer {
  readonly status: number
  /** How long it asked us to wait. */
  readonly retryAfterMs: number | undefined
  /** The beginning of the body if requested, else empty. */
  readonly body: Buffer
  /** Whether the body was cut off in transit. */
  readonly isCutOff: boolean
  /** Whether the body of a 2xx is a web page. */
  readonly isHtmlPage: boolean
}

/** Whether the status says that the receiver accepted the request. */
export const isAccepted = (status: number): boolean => status >= 200 && status < 300
