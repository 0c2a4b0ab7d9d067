import { createHmac } from 'node:crypto'
import { weakMemo } from '../../encoding/weak-memo.ts'

const PREFIX = 'whsec_'

/** A receiver allows for minutes between signature and arrival. */
const MAX_AGE_MS = 10_000

const keysOf = weakMemo((secrets: readonly string[]) =>
  secrets.map((secret) =>
    Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64'),
  ),
)

/** The headers of one request: its id and, if there are secrets, its signature. */
export interface SignatureHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp'?: string
  readonly 'webhook-signature'?: string
}

/**
 * Signs requests by the Standard Webhooks scheme: HMAC-SHA256 over `<id>.<timestamp>.<body>`, one
 * `v1,<Base64>` per live secret, separated by spaces, so that a secret can be rotated without
 * refused deliveries.
 *
 * The signed body is the one BEFORE compression: what a receiver's application sees after its
 * framework or proxy has undone `Content-Encoding: gzip`. A receiver that reads the raw stream must
 * gunzip before it verifies. The id is the same in every attempt; the timestamp, in seconds, is at
 * most ten seconds older than the attempt, since the first signature is made ahead.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secrets `whsec_` and Base64 each; none: requests have an id only
 * @param bodyAgain the body for later signatures; default: `body`
 * @returns signs for an attempt
 */
export function requestSigner(
  id: string,
  body: Uint8Array,
  { secrets, nowMs }: { readonly secrets: readonly string[]; readonly nowMs: () => number },
  bodyAgain = (): Uint8Array => body,
): () => SignatureHeaders {
  const keys = keysOf(secrets)
  if (keys.length === 0) return () => ({ 'webhook-id': id })
  const signedAt = (atMs: number, content: Uint8Array): SignatureHeaders => {
    const timestamp = String(Math.floor(atMs / 1000))
    const sign = (key: Buffer): string =>
      `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(content).digest('base64')}`
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': keys.map(sign).join(' '),
    }
  }
  let atMs = nowMs()
  let signature = signedAt(atMs, body)
  return () => {
    const attemptMs = nowMs()
    if (Math.abs(attemptMs - atMs) > MAX_AGE_MS) {
      atMs = attemptMs
      signature = signedAt(atMs, bodyAgain())
    }
    return signature
  }
}
