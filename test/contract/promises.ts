import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { prepare } from '../../shared/delivery/prepare.ts'
import { Refusals } from '../../shared/delivery/send/refusals.ts'
import { settle } from '../../shared/delivery/settle.ts'
import type { Settlement } from '../../shared/delivery/settlement.ts'
import type { DeliveryOutcome, Encoded, Sink } from '../../shared/delivery/sink.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { isFault } from '../../shared/domain/fault.ts'
import type { RiskDetection } from '../../shared/domain/risk-event.ts'
import { arbitraryArchivedEvent } from '../support/arbitrary-events.ts'
import { archived, detection } from '../support/archived-events.ts'
import { runLength } from '../support/run-length.ts'
import { virtualTime } from '../support/virtual-time.ts'
import type { Misbehaving } from './misbehaving.ts'
import { encoded, soundFault } from './sink-fixture.ts'

const BAD = 'the-bad-one'
const ANSWER_MS = 500
const never = new AbortController().signal

/** As many events, each of an identity of its own. */
const eventsOf = (seeds: readonly string[]): readonly RiskDetection[] =>
  seeds.map((seed, n) =>
    detection(seed, { identity: { type: 'agent', id: `agent-${n}`, displayName: 'Payroll' } }),
  )
const some = (count: number, bad?: number, run = ''): readonly RiskDetection[] =>
  eventsOf(Array.from({ length: count }, (_, n) => (n === bad ? `${BAD}${run}` : `good-${n}${run}`)))

const idsOf = (events: readonly { readonly eventId: string }[]): readonly string[] =>
  events.map(({ eventId }) => eventId)
const deliveredBy = ({ delivered }: Settlement) => idsOf(delivered.map(({ event }) => event))
const pendingIn = ({ pending }: Settlement) => idsOf(pending.map((one) => one.archived.event))
const deadLetteredBy = ({ deadLettered }: Settlement) => idsOf(deadLettered.map((one) => one.archived.event))

const arbitraryBatch = fc.uniqueArray(arbitraryArchivedEvent, {
  selector: (a) => a.event.eventId,
  minLength: 1,
  maxLength: 12,
})

/** What can be encoded of a batch. */
const encodable = (sink: Sink, batch: readonly ArchivedEvent[]): Encoded[] =>
  batch.map((event) => sink.encode(event)).filter((result): result is Encoded => !isFault(result))

/** `valid`, or how the encoding of one event breaks the contract. */
function verdict(sink: Sink, event: ArchivedEvent): string {
  const result = sink.encode(event)
  if (isFault(result)) {
    return result.code === 'tooLarge' && result.scope === 'record' ? 'valid' : `a fault ${result.code}`
  }
  if (result.eventId !== event.event.eventId) return 'carries another event id'
  return sink.sizeOf([result]) <= sink.limits.maxBytes ? 'valid' : 'over the limit'
}

/**
 * What every sink promises, whatever its protocol.
 * @param start a receiver that holds nothing yet, and a new sink for it
 * @param secrets what may appear in no fault
 */
export function promises(start: () => Promise<Misbehaving>, secrets: readonly string[]): void {
  let receiver: Misbehaving
  beforeEach(async () => {
    receiver = await start()
  })

  const deliver = (events: readonly RiskDetection[], signal = never): Promise<DeliveryOutcome> => {
    receiver.expects(events)
    return receiver.sink.deliver(encoded(receiver.sink, ...events), signal)
  }

  /** A process that delivers to the sink; counts how often it does. */
  function process() {
    let deliveries = 0
    const sink: Sink = {
      ...receiver.sink,
      refusals: new Refusals(),
      deliver: (...given) => {
        deliveries += 1
        return receiver.sink.deliver(...given)
      },
    }
    const send = (events: readonly RiskDetection[]): Promise<Settlement> => {
      receiver.expects(events, BAD)
      const time = virtualTime()
      const retry = { deadlineMs: time.now() + 60_000, maxAttempts: 1, backoff: { baseMs: 1, maxMs: 1 } }
      return settle(sink, prepare(sink, events.map(archived)), retry, time)
    }
    return { send, deliveries: () => deliveries }
  }

  /** The fault of all, after looking for what no fault may say. */
  function faultIn(outcome: DeliveryOutcome) {
    const text = JSON.stringify(outcome)
    for (const secret of [...secrets, 'Payroll', 'agent-0']) expect(text).not.toContain(secret)
    if (outcome.status !== 'failed') throw new Error(`expected a failed delivery, got: ${text}`)
    return soundFault(outcome.fault)
  }

  test('what is delivered was stored, each event once', async () => {
    const events = some(3)
    expect(await deliver(events)).toMatchObject({ status: 'delivered' })
    expect(receiver.stored().toSorted()).toEqual(idsOf(events).toSorted())
  })

  test('a check stores nothing', async () => {
    receiver.expects(some(3))
    expect(await receiver.sink.check(never)).toBeUndefined()
    expect(receiver.stored()).toEqual([])
  })

  test('a refused sender is the fault of the sink', async () => {
    receiver.does('refusesSender')
    expect(faultIn(await deliver(some(3)))).toMatchObject({ code: 'unauthorized', scope: 'sink' })
  })

  test('a busy receiver is asked later', async () => {
    receiver.does('isBusy')
    expect(faultIn(await deliver(some(3)))).toMatchObject({ code: 'throttled', scope: 'transient' })
  })

  test('a receiver that never answers is left when the signal says so', async () => {
    await deliver(some(1))
    receiver.does('hangs')
    const fault = faultIn(await deliver(some(3), AbortSignal.timeout(100)))
    expect(fault).toMatchObject({ code: 'timeout', scope: 'transient' })
  })

  test('an answer that is lost means that events may come twice, and that none is missing', async () => {
    const events = some(3)
    receiver.does('losesAnswer')
    const outcome = await deliver(events, AbortSignal.timeout(ANSWER_MS))
    const failed = outcome.status === 'partial' ? [...outcome.failed.values()] : [faultIn(outcome)]
    for (const fault of failed) expect(fault.scope).toBe('transient')
    receiver.does('isHealthy')
    expect(await deliver(events)).toMatchObject({ status: 'delivered' })
    expect(new Set(receiver.stored())).toEqual(new Set(idsOf(events)))
  })

  test.each([0, 7, 19])('a bad event, number %i of 20, is dead-lettered alone', async (bad) => {
    const events = some(20, bad)
    const settlement = await process().send(events)
    expect(deadLetteredBy(settlement)).toEqual([events[bad]?.eventId])
    expect(settlement.deadLettered[0]?.fault.scope).toBe('record')
    expect(deliveredBy(settlement).toSorted()).toEqual(idsOf(events.toSpliced(bad, 1)).toSorted())
    expect(settlement.stoppedBy).toBeUndefined()
  })

  test('a refusal of everything dead-letters nothing, and is the fault of the sink', async () => {
    const { send, deliveries } = process()
    receiver.does('refusesAll')
    const events = some(50)
    const settlement = await send(events)
    expect(pendingIn(settlement)).toEqual(idsOf(events))
    expect(settlement.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink' })
    expect(deliveries()).toBeLessThanOrEqual(12)
  })

  test('a refusal of everything from now on dead-letters nothing of what comes after', async () => {
    const { send } = process()
    expect((await send(some(20))).delivered).toHaveLength(20)
    receiver.does('refusesAll')
    for (const count of [1, 1, 1, 5, 40]) {
      const settlement = await send(some(count))
      expect([settlement.deadLettered.length, settlement.pending.length]).toEqual([0, count])
    }
  })

  test('a bad event that comes alone waits until the receiver has taken another', async () => {
    const { send } = process()
    await send(some(3))
    for (let tries = 0; tries < 3; tries++) {
      const alone = await send(some(1, 0))
      expect([alone.deadLettered.length, alone.pending.length]).toEqual([0, 1])
    }
    await send(some(3))
    expect((await send(some(1, 0))).deadLettered).toHaveLength(1)
  })

  test('any event is encoded and fits the limit; a batch is no larger than its parts', () => {
    const { sink } = receiver
    fc.assert(
      fc.property(arbitraryBatch, fc.nat(), (events, cut) => {
        for (const event of events) expect(verdict(sink, event)).toBe('valid')
        const batch = encodable(sink, events)
        const at = batch.length === 0 ? 0 : cut % batch.length
        const [whole, ...parts] = [batch, batch.slice(0, at), batch.slice(at)].map((part) =>
          sink.sizeOf(part),
        )
        expect(whole).toBeLessThanOrEqual(parts.reduce((sum, size) => sum + size, 0))
        expect(whole).toBeGreaterThanOrEqual(Math.max(...parts))
      }),
      { numRuns: runLength(15, 200) },
    )
  })

  test('an event that is far too large is cut, or a fault of the record', async () => {
    const wide = 'é'.repeat(receiver.sink.limits.maxBytes)
    const event = detection('wide', {
      evidence: wide,
      extra: { wide },
      additionalInfo: [{ key: 'wide', value: wide }],
    })
    expect(verdict(receiver.sink, archived(event))).toBe('valid')
    expect(await deliver([event])).toMatchObject({ status: 'delivered' })
    expect(receiver.stored()).toEqual([event.eventId])
    expect(receiver.saw('cut'), 'what was cut says so').toBe(true)
  })

  test('whichever events are bad, each has one outcome, and the right one', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (isBad) => {
        run += 1
        const events = eventsOf(isBad.map((bad, n) => `${bad ? BAD : 'good'}-${run}-${n}`))
        const settlement = await process().send(events)
        const outcomes = [deliveredBy, deadLetteredBy, pendingIn].flatMap((of) => of(settlement))
        expect(outcomes.toSorted()).toEqual(idsOf(events).toSorted())
        const bad = new Set(idsOf(events.filter((_, n) => isBad[n])))
        expect(deliveredBy(settlement).filter((id) => bad.has(id))).toEqual([])
        expect(deadLetteredBy(settlement).filter((id) => !bad.has(id))).toEqual([])
        const stored = new Set(receiver.stored())
        expect(deliveredBy(settlement).filter((id) => !stored.has(id))).toEqual([])
      }),
      { numRuns: runLength(8, 60) },
    )
  })
}
