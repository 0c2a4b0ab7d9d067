import { expect, test } from 'vitest'
import { prepare } from '../../shared/delivery/prepare.ts'
import { Refusals } from '../../shared/delivery/send/refusals.ts'
import { settle } from '../../shared/delivery/settle.ts'
import type { Settlement } from '../../shared/delivery/settlement.ts'
import type { Encoded, Sink } from '../../shared/delivery/sink.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import { archived, detection } from '../support/archived-events.ts'
import { status } from '../support/scripted-answer.ts'
import { virtualTime } from '../support/virtual-time.ts'
import type { SinkFixture } from './sink-fixture.ts'

const BAD = 'the-bad-one'
const events = (count: number, bad?: number): readonly ExportedEvent[] =>
  Array.from({ length: count }, (_, n) => detection(n === bad ? BAD : `good-${n}`))

/**
 * A receiver that refuses a payload: because of one event in it, or because it refuses everything.
 */
export function refusalContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server } = fixture

  /** A process that delivers to the sink. */
  async function process() {
    const sink: Sink<E> = { ...(await fixture.sink()), refusals: new Refusals() }
    return (some: readonly ExportedEvent[]): Promise<Settlement> => {
      const time = virtualTime()
      const retry = { deadlineMs: time.now() + 60_000, maxAttempts: 1, backoff: { baseMs: 1, maxMs: 1 } }
      return settle(sink, prepare(sink, some.map(archived)), retry, time)
    }
  }

  const refuseBad = (code: number): void =>
    server().answering(({ body }) => (body.includes(BAD) ? status(code) : undefined))
  const idsOf = (some: Settlement['delivered']) => some.map(({ event }) => event.eventId)

  test.each([400, 413, 422])(
    '%i for everything dead-letters nothing, and is the sink’s fault',
    async (code) => {
      server().always(status(code))
      const some = events(50)
      const ends = await (await process())(some)
      expect(ends.deadLettered).toEqual([])
      expect(ends.delivered).toEqual([])
      expect(idsOf(ends.pending.map(({ archived }) => archived))).toEqual(some.map(({ eventId }) => eventId))
      expect(ends.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink', status: code })
      expect(server().requests.length).toBeLessThanOrEqual(12)
    },
  )

  test.each([
    [0, 20],
    [7, 20],
    [19, 20],
  ])(
    'a bad event, number %i of %i, is dead-lettered alone, and the others are delivered',
    async (bad, count) => {
      for (const code of [400, 413, 422]) {
        refuseBad(code)
        const some = events(count, bad)
        const ends = await (await process())(some)
        expect(ends.deadLettered.map(({ archived: { event } }) => event.eventId)).toEqual([
          some[bad]?.eventId,
        ])
        expect(ends.deadLettered[0]?.fault).toMatchObject({ scope: 'record', status: code })
        expect(idsOf(ends.delivered)).toEqual(some.filter((_, n) => n !== bad).map(({ eventId }) => eventId))
        expect(ends.stoppedBy).toBeUndefined()
      }
    },
  )

  test('a bad event that comes alone waits until the receiver has taken another', async () => {
    refuseBad(400)
    const deliver = await process()
    await deliver(events(3))
    for (let tries = 0; tries < 3; tries++) {
      const alone = await deliver(events(1, 0))
      expect([alone.deadLettered.length, alone.pending.length]).toEqual([0, 1])
    }
    await deliver(events(3))
    expect((await deliver(events(1, 0))).deadLettered).toHaveLength(1)
  })

  test('a secret that is wrong from now on, which is answered by 400, dead-letters nothing of what comes after', async () => {
    const deliver = await process()
    expect((await deliver(events(20))).delivered).toHaveLength(20)
    server().always(status(400))
    for (const count of [1, 1, 1, 5, 40]) {
      const ends = await deliver(events(count))
      expect([ends.deadLettered.length, ends.pending.length]).toEqual([0, count])
    }
  })
}
