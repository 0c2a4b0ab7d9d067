import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DELIVERED, type Encoded, type Sink } from '../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { isFault } from '../../shared/domain/fault.ts'
import { arbitraryArchivedEvent } from '../support/arbitrary-events.ts'
import { archived, detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'
import { runLength } from '../support/run-length.ts'
import { encoded, type SinkFixture } from './sink-fixture.ts'

const arbitraryBatch = fc.uniqueArray(arbitraryArchivedEvent, {
  selector: (a) => a.event.eventId,
  minLength: 1,
  maxLength: 12,
})

/** What can be encoded of a batch. */
const encodable = <E extends Encoded>(sink: Sink<E>, batch: readonly ArchivedEvent[]): E[] =>
  batch.map((event) => sink.encode(event)).filter((result): result is E => !isFault(result))

/** `valid`, or how the encoding of one event breaks the contract. */
function verdict<E extends Encoded>(sink: Sink<E>, event: ArchivedEvent): string {
  const result = sink.encode(event)
  if (isFault(result)) {
    return result.code === 'tooLarge' && result.scope === 'record' ? 'valid' : `a fault ${result.code}`
  }
  if (result.eventId !== event.event.eventId) return 'carries another event id'
  return sink.sizeOf([result]) <= sink.limits.maxBytes ? 'valid' : 'over the limit'
}

/** Making ready for the wire, and telling its size beforehand. */
export function encodingContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, traits, untouched } = fixture
  const bytesOnTheWire = (): number => server().requests.reduce((sum, { body }) => sum + body.length, 0)

  test('any event is encoded without a throw and fits the limit', async () => {
    const sink = await fixture.sink()
    fc.assert(
      fc.property(arbitraryArchivedEvent, (event) => {
        expect(verdict(sink, event)).toBe('valid')
      }),
      { numRuns: runLength(60, 200) },
    )
  })

  test('the size of batches is monotonic and never more than that of their parts', async () => {
    const sink = await fixture.sink()
    fc.assert(
      fc.property(arbitraryBatch, fc.nat(), (events, cut) => {
        const batch = encodable(sink, events)
        const at = batch.length === 0 ? 0 : cut % batch.length
        const [a, b] = [batch.slice(0, at), batch.slice(at)]
        expect(sink.sizeOf(batch)).toBeLessThanOrEqual(sink.sizeOf(a) + sink.sizeOf(b))
        expect(sink.sizeOf(batch)).toBeGreaterThanOrEqual(Math.max(sink.sizeOf(a), sink.sizeOf(b)))
      }),
      { numRuns: runLength(30, 100) },
    )
  })

  test('the size of a mixed batch is exactly what goes over the wire before compression', async () => {
    const sink = await fixture.sink()
    const batch = encoded(sink, detection('a'), riskyIdentity('b'), heartbeat('c'), detection('d'))
    expect(await sink.deliver(batch, untouched)).toMatchObject(DELIVERED)
    expect(bytesOnTheWire()).toBe(sink.sizeOf(batch))
  })

  test('the size of any batch is exactly what goes over the wire before compression', async () => {
    const sink = await fixture.sink()
    await fc.assert(
      fc.asyncProperty(arbitraryBatch, async (events) => {
        server().forget()
        const batch = encodable(sink, events)
        fc.pre(batch.length > 0)
        expect(await sink.deliver(batch, untouched)).toMatchObject(DELIVERED)
        expect(bytesOnTheWire()).toBe(sink.sizeOf(batch))
      }),
      { numRuns: runLength(10, 20) },
    )
  })

  test('an event that is far too large is cut, or a fault of the record', async () => {
    const sink = await fixture.sink()
    const wide = 'é'.repeat(sink.limits.maxBytes)
    const event = archived(
      detection('wide', {
        evidence: wide,
        extra: { wide },
        additionalInfo: [{ key: 'wide', value: wide }],
      }),
    )
    expect(verdict(sink, event)).toBe('valid')
    const cut = encodable(sink, [event])
    const outcome = cut.length === 0 ? DELIVERED : await sink.deliver(cut, untouched)
    expect(outcome).toMatchObject(DELIVERED)
    const marked = server().requests.every(({ body }) => body.includes('cut'))
    expect(marked, 'what was cut says so').toBe(true)
  })

  test('the same batch sent twice carries the same idempotency keys, another batch others', async () => {
    const sink = await fixture.sink()
    const marksOf = async (batch: readonly E[]): Promise<readonly string[]> => {
      server().forget()
      await sink.deliver(batch, untouched)
      return server().requests.flatMap((request) => traits.idempotencyKeys(request))
    }
    const batch = () => encoded(sink, detection('a'), detection('b'))
    const first = await marksOf(batch())
    expect(first.length).toBeGreaterThan(0)
    expect(await marksOf(batch())).toEqual(first)
    expect(await marksOf(encoded(sink, detection('a')))).not.toEqual(first)
  })
}
