import type { ServerResponse } from 'node:http'

/** Only our own files and address; no frames, no sniffing, no caching. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cache-control': 'no-store',
} as const

/** For pages that need nothing else, and have their style in them. */
export const SELF_CONTAINED = {
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
} as const

/** Sends the head of an answer. */
export function answerHead(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers })
}

/** Sends a whole answer of text. */
export function answerText(
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  answerHead(response, status, {
    ...headers,
    'content-type': contentType,
    'content-length': String(Buffer.byteLength(text)),
  })
  response.end(response.req.method === 'HEAD' ? undefined : text)
}

/** Sends a whole answer of JSON. */
export const answerJson = (response: ServerResponse, status: number, value: object): void =>
  answerText(response, status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`)
