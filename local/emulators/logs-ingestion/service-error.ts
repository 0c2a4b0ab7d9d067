import type { Reply } from '../http/reply.ts'

/**
 * Why a request is not taken, in the service's words: status, code, and what its error body says.
 */
export interface ServiceError {
  readonly status: number
  readonly code: string
  readonly message: string
}

export const serviceError = (status: number, code: string, message: string): ServiceError => ({
  status,
  code,
  message,
})

/**
 * The error as it goes over the wire; the code is in a header too.
 * @param headers further ones
 */
export const errorReply = (
  { status, code, message }: ServiceError,
  headers: Readonly<Record<string, string>> = {},
): Reply & { readonly headers: Readonly<Record<string, string>>; readonly body: string } => ({
  status,
  headers: { 'content-type': 'application/json', 'x-ms-error-code': code, ...headers },
  body: JSON.stringify({ error: { code, message } }),
  reason: `${code}: ${message}`,
})

/** The answer when a data collection rule has had too many requests. */
export const tooManyRequests = (retryAfterSeconds: number) =>
  errorReply(serviceError(429, 'TooManyRequests', 'The limit of requests per minute is reached.'), {
    'retry-after': String(retryAfterSeconds),
  })

export const isServiceError = (value: object): value is ServiceError => 'status' in value && 'code' in value
