import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepare } from '../../../shared/delivery/prepare.ts'
import type { Item } from '../../../shared/delivery/send/deliveries.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'

describe('deliveries', () => {
  it('keep every event, in order, as many together as the limits allow, and no event id twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.integer({ min: 0, max: 8 }), bytes: fc.integer({ min: 1, max: 6 }) }), {
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 7 }),
        (sizes, maxEvents) => {
          const bytes = new Map<number, number>(sizes.map((w, i) => [i, w.bytes]))
          const sink = scriptedSink({ maxEvents, maxBytes: 5, bytesOf: (a) => bytes.get(a.line) ?? 0 })
          const events = sizes.map((w, i) => archivedEventAt(i, { id: `id-${w.id}` }))
          const { deliveries } = prepare(sink, events)
          expect(deliveries.flat().map((i) => i.archived)).toEqual(events)
          const fits = (delivery: readonly Item[]): boolean =>
            delivery.length <= maxEvents &&
            sink.sizeOf(delivery.map((i) => i.encoded as never)) <= 5 &&
            new Set(delivery.map((i) => i.encoded.eventId)).size === delivery.length
          for (const [i, delivery] of deliveries.entries()) {
            expect(delivery.length).toBeGreaterThan(0)
            // What is too large by itself stands alone: the sink is to say so.
            expect(delivery.length === 1 || fits(delivery)).toBe(true)
            const next = deliveries[i + 1]?.[0]
            expect(next === undefined || !fits([...delivery, next])).toBe(true)
          }
        },
      ),
    )
  })
})
