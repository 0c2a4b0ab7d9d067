// Measures what the encoders of webhooks cost, as they are deployed: bundled. Prints JSON.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { instant } from '../../shared/domain/identifiers.ts'
import { WEBHOOK_FORMATS, type WebhookFormatName } from '../../shared/domain/webhook-formats.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import { FORMATS } from '../../shared/sinks/webhook/formats/formats.ts'
import { webhookOptions } from '../sinks/webhook/webhook-under-test.ts'
import { archived, detection } from './archived-events.ts'

const EVENTS = 500
const ROUNDS = 80
const MICROSECONDS = 1000

const NAMES = Object.keys(WEBHOOK_FORMATS) as WebhookFormatName[]
const guid = (seed: string): string => createHash('sha256').update(seed).digest('hex').slice(0, 32)

/** Ids differ from event to event, as they do in life: what is all the same is packed for nothing. */
const objects = Array.from({ length: EVENTS }, (_, n) =>
  detection(`n${n}`, {
    identity: {
      type: 'servicePrincipal',
      id: guid(`principal ${n % 50}`),
      displayName: `Nightly sync ${n % 50}`,
      appId: guid(`app ${n % 50}`),
    },
    detectionId: guid(`detection ${n}`),
    requestId: guid(`request ${n}`),
    correlationId: guid(`correlation ${n}`),
    keyIds: [guid(`key ${n}`)],
    ipAddress: `203.0.113.${n % 250}`,
    lastUpdatedAt: instant(Date.parse('2026-03-01T09:20:00.123Z') + n * 1009),
  }),
)
const events = objects.map((event) => archived(event))

/** Microseconds per event, in the best of many rounds: what else runs on the machine only adds. */
function costOf(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now()
    work()
    best = Math.min(best, performance.now() - startMs)
  }
  return (best * MICROSECONDS) / EVENTS
}

const stringifying = costOf(() => JSON.stringify(objects))
const out = new ByteWriter(EVENTS * 8192)
const costs = NAMES.map((name) => {
  const { encoder } = FORMATS[name](webhookOptions({ url: 'https://siem.example/in', format: name }))
  const encoding = costOf(() => {
    out.length = 0
    for (const event of events) encoder.write(out, event.event.fields, event)
  })
  const body = Buffer.from(out.since(0))
  const limit = stringifying + costOf(() => gzipSync(body))
  const fastest = stringifying + costOf(() => gzipSync(body, { level: 1 }))
  return { name, encoding, limit, fastest, bytes: body.length / EVENTS }
})
process.stdout.write(JSON.stringify(costs))
