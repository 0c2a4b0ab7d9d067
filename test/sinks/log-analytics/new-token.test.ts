import type { GetTokenOptions } from '@azure/identity'
import { beforeEach, expect, test } from 'vitest'
import { encoded, faultOf } from '../../contract/sink-fixture.ts'
import { detection } from '../../support/archived-events.ts'
import { status } from '../../support/scripted-answer.ts'
import { never, receiver } from './receiver.ts'

const { server, sink } = receiver()
const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1772366400"}}}'
const challenge = {
  'www-authenticate': `Bearer realm="", error="insufficient_claims", claims="${btoa(CLAIMS)}"`,
}

/**
 * Gives the token that it keeps, and a new one to who shows claims, as the credentials of the SDK
 * do.
 */
let asked: (string | undefined)[] = []
let given = 0
let gives = true
const credential = {
  getToken: async (_: string | string[], { claims }: GetTokenOptions = {}) => {
    asked.push(claims)
    if (claims !== undefined) {
      if (!gives) throw new Error('The endpoint of the identity is away.')
      given += 1
    }
    return { token: `token-${given}`, expiresOnTimestamp: Date.now() + 3_600_000 }
  },
}
beforeEach(() => {
  asked = []
  given = 0
  gives = true
})

const shown = (): unknown[] => server().requests.map(({ headers }) => headers.authorization)
const one = () => encoded(sink(), detection('one'))

test('a token that the service refuses is replaced by a new one, which delivers', async () => {
  server().script(status(401, {}, '{"error":{"code":"InvalidToken"}}'))
  const target = sink({ credential })
  const outcome = await target.deliver(one(), never)
  expect(outcome).toMatchObject({ status: 'delivered', requests: [{ status: 204 }] })
  expect(shown()).toEqual(['Bearer token-0', 'Bearer token-1'])
  expect(server().requests[1]?.rawBody, 'the same rows').toEqual(server().requests[0]?.rawBody)
  expect(asked).toEqual([undefined, '{}'])
  await target.deliver(one(), never)
  expect(shown()[2], 'and is kept').toBe('Bearer token-1')
  expect(asked).toHaveLength(2)
})

test('the claims of a challenge are handed on to the credential', async () => {
  server().script(status(401, challenge))
  expect(await sink({ credential }).deliver(one(), never)).toMatchObject({ status: 'delivered' })
  expect(asked).toEqual([undefined, CLAIMS])
})

test.each([{}, challenge])('a second 401 is believed: it needs an operator', async (headers) => {
  server().always(status(401, headers, '{"error":{"code":"InvalidToken"}}'))
  const fault = faultOf(await sink({ credential }).deliver(one(), never))
  expect(fault).toMatchObject({ code: 'unauthorized', scope: 'sink', status: 401 })
  expect(fault.message).toContain('InvalidToken')
  expect(shown()).toEqual(['Bearer token-0', 'Bearer token-1'])
})

test('a 401 stands where no new token can be had', async () => {
  gives = false
  server().always(status(401))
  const fault = faultOf(await sink({ credential }).deliver(one(), never))
  expect(fault).toMatchObject({ code: 'unauthorized', scope: 'sink', status: 401 })
  expect(server().requests).toHaveLength(1)
})

test('a token that never comes does not outlast the signal after a 401 either', async () => {
  server().always(status(401))
  const deadline = new AbortController()
  const slow = {
    getToken: async (_: string | string[], { claims }: GetTokenOptions = {}) =>
      claims === undefined
        ? { token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }
        : new Promise<never>(() => undefined),
  }
  const delivery = sink({ credential: slow }).deliver(one(), deadline.signal)
  await server().received(1)
  deadline.abort()
  expect(faultOf(await delivery)).toMatchObject({ code: 'timeout', scope: 'transient' })
})

test('no connection is left behind by an answer that was not the last word', async () => {
  const before = server().connections()
  const target = sink({ credential })
  for (let n = 0; n < 5; n++) {
    server().script(status(401, {}, '{"error":{"code":"InvalidToken","message":"long"}}'.repeat(100)))
    expect(await target.deliver(one(), never)).toMatchObject({ status: 'delivered' })
  }
  expect(server().connections() - before).toBeLessThanOrEqual(1)
})
