import type { InvocationOutcome } from '../core/invoke.ts'
import type { RpcData } from '../core/rpc-data.ts'

/** An HTTP response. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** A response of the host itself. */
export function plainAnswer(status: number, text = ''): HttpAnswer {
  return { status, headers: text === '' ? {} : { 'content-type': 'text/plain' }, body: Buffer.from(text) }
}

/** A function's response: 204 if it returned none, an empty 500 if it failed. */
export function functionAnswer(outcome: InvocationOutcome): HttpAnswer {
  if (!outcome.ok) return plainAnswer(500)
  const http = outcome.response.returnValue?.http
  if (http === undefined) return plainAnswer(204)
  if ((http.cookies?.length ?? 0) > 0) return plainAnswer(500, 'The local host does not send cookies.')
  return { status: Number(http.statusCode ?? 200), headers: http.headers ?? {}, body: bodyBytes(http.body) }
}

function bodyBytes(body: RpcData | null | undefined): Uint8Array {
  return body?.bytes ?? Buffer.from(body?.string ?? body?.json ?? '')
}
