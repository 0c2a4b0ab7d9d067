import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

/** The three headers of one signed request. */
export interface SignatureHeaders {
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/**
 * Signs requests by the Standard Webhooks scheme: HMAC-SHA256 over `<id>.<timestamp>.<body>`, one
 * `v1,<Base64>` per live secret, separated by spaces, so that a secret can be rotated without
 * refused deliveries.
 *
 * The signed body is the one BEFORE compression: what a receiver's application sees after its
 * framework or proxy has undone `Content-Encoding: gzip`. A receiver that reads the raw stream must
 * gunzip before it verifies. The timestamp is that of the attempt, in seconds; the id is the same
 * in every attempt.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 *
 * @param secrets `whsec_` and Base64 each
 */
export function requestSigner(
  secrets: readonly string[],
  nowMs: () => number,
): (id: string, body: Uint8Array) => SignatureHeaders {
  const keys = secrets.map((secret) =>
    Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64'),
  )
  return (id, body) => {
    const timestamp = String(Math.floor(nowMs() / 1000))
    const sign = (key: Buffer): string =>
      `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': keys.map(sign).join(' '),
    }
  }
}
