import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isFault } from '../../../../shared/domain/fault.ts'
import { parseEvent } from '../../../../shared/domain/flat-event.ts'
import { WEBHOOK_FORMATS, type WebhookFormatName } from '../../../../shared/domain/webhook-formats.ts'
import type { EncodedEvent } from '../../../../shared/sinks/webhook/encoded-event.ts'
import { FORMATS } from '../../../../shared/sinks/webhook/formats/formats.ts'
import { archived, detection, identityContext, riskyIdentity } from '../../../support/archived-events.ts'
import { webhook } from '../webhook-under-test.ts'

const EVENTS = 500
const RUNS = 21

/** A batch as it arrives: mostly detections, of different identities. */
const events = () =>
  Array.from({ length: EVENTS }, (_, n) => {
    const identity = { type: 'servicePrincipal', id: `principal-${n}`, displayName: `App ${n}` } as const
    const ipAddress = `203.0.113.${n % 250}`
    const event =
      n % 5 === 0
        ? riskyIdentity(`${n}`, { identity })
        : n % 50 === 1
          ? identityContext(`${n}`, { identity })
          : detection(`${n}`, { identity, ipAddress })
    return archived(event)
  })

function medianMs(prepare: () => () => unknown): number {
  const times = Array.from({ length: RUNS }, () => {
    const run = prepare()
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN
}

const floorMs = medianMs(() => {
  const objects = events().map(({ event }) => parseEvent(event))
  return () => gzipSync(JSON.stringify(objects))
})

test.each(Object.keys(FORMATS) as WebhookFormatName[])(
  'encoding 500 events as %s takes less than JSON.stringify and gzip of them',
  (format) => {
    const sink = webhook({ url: 'https://siem.example/', format })
    const ms = medianMs(() => {
      const batch = events()
      return () => {
        const encoded = batch.map((event) => sink.encode(event))
        if (encoded.some(isFault)) throw new Error('not encoded')
        return sink.sizeOf(encoded as EncodedEvent[])
      }
    })
    const traits = Object.keys(WEBHOOK_FORMATS[format].contentTypes).join()
    process.stdout.write(
      `${format} (${traits}): ${ms.toFixed(2)} ms, ${(ms / floorMs).toFixed(2)} of ${floorMs.toFixed(2)} ms\n`,
    )
    expect(ms).toBeLessThan(floorMs)
  },
)
