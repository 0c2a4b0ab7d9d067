/** Receives the webhook format json over HTTPS: verifies, de-duplicates, prints. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

const { WEBHOOK_SECRET = '', CERTIFICATE = '', KEY = '', PORT = '' } = process.env
const SECRET = Buffer.from(WEBHOOK_SECRET.replace('whsec_', ''), 'base64')
const MAX_BYTES = 2_000_000 // Twice WEBHOOK_MAX_BYTES.
// Ids of events. Keep them where a restart does not lose them, say as a primary key.
const seen = new Set<string>()

function isGenuine(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const sent = String(headers['webhook-timestamp'])
  if (!/^\d+$/.test(sent) || Math.abs(Date.now() / 1000 - Number(sent)) > 300) return false
  const signed = createHmac('sha256', SECRET).update(`${headers['webhook-id']}.${sent}.`).update(body)
  const expected = Buffer.from(`v1,${signed.digest('base64')}`)
  const given = String(headers['webhook-signature'])
    .split(' ')
    .map((one) => Buffer.from(one))
  return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected))
}

function receive(headers: IncomingHttpHeaders, raw: Buffer): number {
  const isZipped = headers['content-encoding'] === 'gzip'
  const body = isZipped ? gunzipSync(raw, { maxOutputLength: MAX_BYTES }) : raw
  if (!isGenuine(headers, body)) return 401 // Never 400: that would be a verdict about the events.
  for (const event of JSON.parse(body.toString()) as { eventId: string }[]) {
    if (seen.has(event.eventId)) continue
    process.stdout.write(`${JSON.stringify(event)}\n`) // Store it here, before the answer.
    seen.add(event.eventId)
  }
  return 204
}

const server = createServer(
  { cert: readFileSync(CERTIFICATE), key: readFileSync(KEY) },
  (request, response) => {
    const isTooLarge = !(Number(request.headers['content-length']) <= MAX_BYTES)
    const status = isTooLarge
      ? Promise.resolve(413)
      : buffer(request).then((raw) => receive(request.headers, raw))
    void status.catch(() => 500).then((code) => response.writeHead(code).end())
  },
)
server.listen(Number(PORT), () => process.stderr.write('listening\n'))
