import type { Reply } from '../http/reply.ts'

/** Why a request is refused, as the service puts it: status, code and message of the error body. */
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
 * The error as sent; its code is also in a header.
 * @param headers additional ones
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

/** The answer to a data collection rule over its request quota. */
export const tooManyRequests = (retryAfterSeconds: number) =>
  errorReply(serviceError(429, 'TooManyRequests', 'The limit of requests per minute is reached.'), {
    'retry-after': String(retryAfterSeconds),
  })

export const isServiceError = (value: object): value is ServiceError => 'status' in value && 'code' in value
