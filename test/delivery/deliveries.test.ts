import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveriesOf } from '../../shared/delivery/deliveries.ts'
import { encodeAll } from '../../shared/delivery/encode-all.ts'
import { placed } from '../support/placed-events.ts'
import { scriptedSink } from '../support/scripted-sink.ts'

describe('deliveries', () => {
  it('keep every event, in order, within the limits, and no event id twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.integer({ min: 0, max: 8 }), bytes: fc.integer({ min: 1, max: 400 }) }), {
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 7 }),
        (wishes, maxEvents) => {
          const bytes = new Map<number, number>(wishes.map((w, i) => [i, w.bytes]))
          const sink = scriptedSink({ maxEvents, maxBytes: 500, bytesOf: (a) => bytes.get(a.line) ?? 0 })
          const events = wishes.map((w, i) => placed(i, { id: `id-${w.id}` }))
          const deliveries = [...deliveriesOf(sink, encodeAll(sink, events).items)]
          expect(deliveries.flat().map((i) => i.archived)).toEqual(events)
          for (const delivery of deliveries) {
            expect(delivery.length).toBeGreaterThan(0)
            expect(delivery.length).toBeLessThanOrEqual(maxEvents)
            expect(sink.sizeOf(delivery.map((i) => i.encoded as never))).toBeLessThanOrEqual(500)
            expect(new Set(delivery.map((i) => i.encoded.eventId)).size).toBe(delivery.length)
          }
        },
      ),
    )
  })
})
