import { expect, test } from 'vitest'
import type { Encoded } from '../../shared/delivery/sink.ts'
import { hang, redirect, reset, status } from '../support/scripted-answer.ts'
import { type SinkFixture, soundFault } from './sink-fixture.ts'

/** The nearest harmless thing to a delivery. */
export function checkContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, traits, untouched } = fixture
  const check = async () => (await fixture.sink()).check(untouched)

  const asHealthy = (): void => server().always(status(traits.delivered[0], {}, traits.saysWhenChecked))

  test('a healthy receiver has no fault', async () => {
    asHealthy()
    expect(await check()).toBeUndefined()
  })

  test('a check lands no data', async () => {
    asHealthy()
    await check()
    expect(server().requests.flatMap((request) => traits.idempotencyKeys(request))).toEqual([])
  })

  test.each([
    [401, 'unauthorized', 'sink'],
    [403, 'unauthorized', 'sink'],
    [404, 'notFound', 'sink'],
    [503, 'unavailable', 'transient'],
  ])('a check that is answered %i reports %s', async (code, faultCode, scope) => {
    server().always(status(code))
    expect(soundFault(await check())).toMatchObject({ code: faultCode, scope })
  })

  test('a check does not follow a redirect', async () => {
    server().always(redirect(307, `${server().origin}/second`))
    expect(soundFault(await check())).toMatchObject({ code: 'redirected', scope: 'sink' })
    expect(server().requests.map(({ path }) => path)).not.toContain('/second')
  })

  test('a check that is cut off reports a transient fault', async () => {
    server().always(reset())
    expect(soundFault(await check()).scope).toBe('transient')
  })

  test('a check of a receiver that never answers ends when the signal says so', async () => {
    server().always(hang())
    const timeout = new AbortController()
    const fault = (await fixture.sink()).check(timeout.signal)
    await server().received(1)
    timeout.abort()
    expect(soundFault(await fault)).toMatchObject({ code: 'timeout', scope: 'transient' })
  })
}
