/** What a receiver said. */
export interface Answer {
  readonly status: number
  /** How long it asked us to wait. */
  readonly retryAfterMs: number | undefined
  /** The beginning of the body where it was asked for, else empty. */
  readonly body: string
  /** Whether the body was cut off on its way. */
  readonly isCutOff: boolean
  /** Whether what came with a status 2xx is a web page. */
  readonly isPage: boolean
}

/** Whether a status says that the receiver has taken what it was sent. */
export const isAccepted = (status: number): boolean => status >= 200 && status < 300
