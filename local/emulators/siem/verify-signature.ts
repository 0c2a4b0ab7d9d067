import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SiemRequest } from './siem-form.ts'

const TOLERANCE_SECONDS = 300

const header = (request: SiemRequest, name: string): string | undefined => {
  const value = request.headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * What is wrong with a request's signature, or `undefined`. Implements the Standard Webhooks
 * specification independently of our sender, so that the two check each other.
 * @param secrets `whsec_` and Base64; a signature by any of them is valid
 * @param body after gunzip
 */
export function signatureProblem(
  request: SiemRequest,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): string | undefined {
  const id = header(request, 'webhook-id')
  const timestamp = header(request, 'webhook-timestamp')
  const signatures = header(request, 'webhook-signature')
  if (id === undefined || timestamp === undefined || signatures === undefined) {
    return 'a webhook header is missing'
  }
  if (!/^\d{1,12}$/.test(timestamp)) return 'the timestamp is not a number of seconds'
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    return 'the timestamp is more than five minutes off'
  }
  const given = signatures
    .split(' ')
    .filter((s) => s.startsWith('v1,'))
    .map((s) => Buffer.from(s.slice('v1,'.length), 'base64'))
  const genuine = secrets.some((secret) => {
    const expected = createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${timestamp}.`)
      .update(body)
      .digest()
    return given.some((s) => s.length === expected.length && timingSafeEqual(s, expected))
  })
  return genuine ? undefined : 'no signature matches'
}
