import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { WEBHOOK_FORMATS, type WebhookFormatName } from '../../../../shared/domain/webhook-formats.ts'
import { ByteWriter } from '../../../../shared/encoding/byte-writer.ts'
import { FORMATS } from '../../../../shared/sinks/webhook/formats/formats.ts'
import { archived, detection } from '../../../support/archived-events.ts'
import { webhookOptions } from '../webhook-under-test.ts'

const EVENTS = 500
const ROUNDS = 40
const MICROSECONDS = 1000

const NAMES = Object.keys(WEBHOOK_FORMATS) as WebhookFormatName[]
const events = Array.from({ length: EVENTS }, (_, n) =>
  archived(
    detection(`n${n}`, {
      identity: {
        type: 'servicePrincipal',
        id: `principal-${n % 50}`,
        displayName: `Nightly sync ${n % 50}`,
      },
      ipAddress: `203.0.113.${n % 250}`,
    }),
  ),
)
const objects = events.map(({ event: { fields: _, ...event } }) => event)

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

test('encoding costs less than JSON.stringify and gzip of the same batch, in every format', () => {
  const limit = costOf(() => gzipSync(JSON.stringify(objects), { level: 1 }))
  const out = new ByteWriter(EVENTS * 8192)
  const costs = NAMES.map((name) => {
    const { encoder } = FORMATS[name](webhookOptions({ url: 'https://siem.example/in', format: name }))
    const cost = costOf(() => {
      out.length = 0
      for (const event of events) encoder.write(out, event.event.fields, event)
    })
    return { name, cost, bytes: out.length / EVENTS }
  })
  const rows = costs.map(
    ({ name, cost, bytes }) =>
      `${name.padEnd(14)}${cost.toFixed(1).padStart(8)} µs${(cost / limit).toFixed(2).padStart(8)}${bytes.toFixed(0).padStart(8)} bytes`,
  )
  process.stdout.write(
    `per event, and as part of JSON.stringify and gzip (${limit.toFixed(1)} µs):\n${rows.join('\n')}\n`,
  )
  for (const { name, cost } of costs) expect(cost, name).toBeLessThan(limit)
})
