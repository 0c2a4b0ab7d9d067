import { expect, test } from 'vitest'
import type { Encoded } from '../../shared/delivery/sink.ts'
import { drip, flood, hang, reset, stalled, status, truncated } from '../support/scripted-answer.ts'
import { until } from '../support/until.ts'
import { faultOf, type SinkFixture, smallBatch } from './sink-fixture.ts'

const PROMPT_MS = 2_000
const SOON_MS = 5_000
const BOUNDED_BYTES = 64_000_000

/** Everything that can go wrong between a sink and its receiver. */
export function networkContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, traits, untouched } = fixture
  const healthy = traits.delivered[0]

  test('a reset after the request was read is transient: it may or may not have been stored', async () => {
    server().always(reset())
    const sink = await fixture.sink()
    const outcome = await sink.deliver(smallBatch(sink), untouched)
    expect(faultOf(outcome).scope).toBe('transient')
    expect(server().requests, 'a sink does not retry').toHaveLength(1)
    const seen = server().requests.map(({ headers }) => ({ id: headers[traits.requestIdHeader] }))
    expect(outcome.requests, 'it is known which one was never answered').toMatchObject(seen)
    expect(outcome.requests?.[0]?.status).toBeUndefined()
  })

  test.each([
    ['never answers', hang()],
    ['drips its head', drip('head', healthy)],
  ])('a receiver that %s is left when the signal says so', async (_, answer) => {
    server().always(answer)
    const sink = await fixture.sink()
    const timeout = new AbortController()
    const delivery = sink.deliver(smallBatch(sink), timeout.signal)
    await server().received(1)
    const abortedAt = performance.now()
    timeout.abort()
    expect(faultOf(await delivery)).toMatchObject({ code: 'timeout', scope: 'transient' })
    expect(performance.now() - abortedAt).toBeLessThan(PROMPT_MS)
    await until(
      () => server().open() === 0,
      SOON_MS,
      () => 'the connection is given up',
    )
  })

  test('a signal that is aborted already sends nothing', async () => {
    const sink = await fixture.sink()
    const fault = faultOf(await sink.deliver(smallBatch(sink), AbortSignal.abort()))
    expect(fault).toMatchObject({ code: 'timeout', scope: 'transient' })
    expect(server().requests).toEqual([])
  })

  const wordsCount = traits.saysWhenDelivered !== ''
  const whatItIs = wordsCount ? 'not known to be delivered: its words are wanted' : 'delivered'
  const asItIs = wordsCount ? { status: 'failed', fault: { scope: 'transient' } } : { status: 'delivered' }

  test(`a healthy status whose body drips is ${whatItIs}`, async () => {
    server().always(drip('body', healthy))
    const sink = await fixture.sink()
    const timeout = new AbortController()
    const delivery = sink.deliver(smallBatch(sink), timeout.signal)
    await server().received(1)
    await until(() => server().bodyBytesSent() > 20 || server().open() === 0, SOON_MS)
    timeout.abort()
    expect(await delivery).toMatchObject(asItIs)
  })

  test(`a healthy status whose body is cut off is ${whatItIs}`, async () => {
    server().always(truncated(healthy))
    const sink = await fixture.sink()
    expect(await sink.deliver(smallBatch(sink), untouched)).toMatchObject(asItIs)
  })

  test('a healthy status whose body never comes keeps nobody waiting', async () => {
    server().always(stalled(healthy))
    const sink = await fixture.sink()
    const timeout = new AbortController()
    const delivery = sink.deliver(smallBatch(sink), timeout.signal)
    await server().received(1)
    if (wordsCount) setTimeout(() => timeout.abort(), 50)
    const startedAt = performance.now()
    expect(await delivery).toMatchObject(asItIs)
    expect(performance.now() - startedAt).toBeLessThan(PROMPT_MS)
  })

  test.each([
    [400, 'record'],
    [403, 'sink'],
    [503, 'transient'],
  ])('a status %i whose body is cut off means what the status means', async (code, scope) => {
    server().always(truncated(code))
    const sink = await fixture.sink()
    expect(faultOf(await sink.deliver(smallBatch(sink), untouched))).toMatchObject({ scope, status: code })
  })

  test.each([
    ['endless', false],
    ['that unpacks a thousandfold', true],
  ])('a body %s is not read to its end', async (_, gzip) => {
    server().always(flood(500, gzip))
    const sink = await fixture.sink()
    expect(faultOf(await sink.deliver(smallBatch(sink), untouched))).toMatchObject({ status: 500 })
    expect(server().bodyBytesSent()).toBeLessThan(BOUNDED_BYTES)
    await until(
      () => server().open() === 0,
      SOON_MS,
      () => 'the connection is given up',
    )
  })

  test('a receiver that has healed is delivered to by the same sink', async () => {
    const sink = await fixture.sink()
    server().script(reset(), status(503), truncated(500))
    for (const _ of ['reset', '503', 'truncated']) {
      faultOf(await sink.deliver(smallBatch(sink), untouched))
    }
    expect(await sink.deliver(smallBatch(sink), untouched)).toMatchObject({ status: 'delivered' })
  })
}
