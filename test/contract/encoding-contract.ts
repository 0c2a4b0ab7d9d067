import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DELIVERED, type Encoded, type Sink } from '../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { isFault } from '../../shared/domain/fault.ts'
import { arbitraryArchivedEvent } from '../support/arbitrary-events.ts'
import { detection, heartbeat, riskyIdentity } from '../support/archived-events.ts'
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

/** What goes over the wire. */
export function encodingContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, traits, untouched } = fixture
  const bytesOnTheWire = (): number => server().requests.reduce((sum, { body }) => sum + body.length, 0)

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
