import { expect, test } from 'vitest'
import type { DeliveryOutcome, Encoded } from '../../shared/delivery/sink.ts'
import type { Fault } from '../../shared/domain/fault.ts'
import { status } from '../support/scripted-answer.ts'
import { faultOf, type SinkFixture, smallBatch } from './sink-fixture.ts'

/** What each status must come to: scope, and the code where the contract names one. */
const FAULTS: readonly (readonly [number, Fault['scope'], Fault['code'] | undefined])[] = [
  [408, 'transient', undefined],
  [425, 'transient', undefined],
  [429, 'transient', 'throttled'],
  [500, 'transient', 'unavailable'],
  [502, 'transient', 'unavailable'],
  [503, 'transient', 'unavailable'],
  [504, 'transient', 'unavailable'],
  [401, 'sink', 'unauthorized'],
  [403, 'sink', 'unauthorized'],
  [404, 'sink', 'notFound'],
  [410, 'sink', 'gone'],
  [400, 'record', 'payloadRefused'],
  [413, 'record', 'tooLarge'],
  [422, 'record', 'payloadRefused'],
]

/** Every answer that a receiver can give. */
export function answerContract<E extends Encoded>(fixture: SinkFixture<E>): void {
  const { server, traits, untouched } = fixture
  const deliver = async (): Promise<DeliveryOutcome> => {
    const sink = await fixture.sink()
    return sink.deliver(smallBatch(sink), untouched)
  }

  test.each(traits.delivered)('%i is delivered', async (code) => {
    server().always(fixture.healthy(code))
    expect(await deliver()).toMatchObject({ status: 'delivered' })
    expect(server().requests).toHaveLength(1)
  })

  test.each([traits.delivered[0], 400, 401, 503])(
    'the outcome of %i says which request was answered so, by the id that the receiver has seen',
    async (code) => {
      server().always(fixture.healthy(code))
      const { requests } = await deliver()
      expect(requests).toMatchObject([{ status: code }])
      expect(new Set(requests?.map(({ id }) => id))).toEqual(
        new Set(server().requests.map(({ headers }) => headers[traits.requestIdHeader])),
      )
    },
  )

  test.each(FAULTS)('%i is a fault of scope %s', async (code, scope, faultCode) => {
    server().always(status(code))
    const fault = faultOf(await deliver())
    expect(fault).toMatchObject({
      scope,
      status: code,
      ...(faultCode === undefined ? {} : { code: faultCode }),
    })
    expect(server().requests, 'a sink does not retry').toHaveLength(traits.askedAgain.includes(code) ? 2 : 1)
  })

  test.each([402, 405, 409, 418, 421, 451])('%i, of which nothing is known, is a fault', async (code) => {
    server().always(status(code))
    expect(faultOf(await deliver()).status).toBe(code)
  })

  test.each([400, 403, 429, 500])(
    'an answer %i that quotes the request back puts nothing of it into the fault',
    async (code) => {
      server().always(
        status(code, { 'x-echo': traits.secrets.join(' ') }, (body) => `${body}${traits.secrets.join()}`),
      )
      const fault = JSON.stringify(faultOf(await deliver()))
      for (const quoted of [...traits.secrets, 'Payroll', '203.0.113.7']) expect(fault).not.toContain(quoted)
    },
  )
}
