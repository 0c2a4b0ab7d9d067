import { expect, test } from 'vitest'
import { status } from '../../support/scripted-answer.ts'
import { receiver } from './receiver.ts'
import { never } from './webhook-under-test.ts'

const { server, cloudEvents } = receiver()

test('the check sends the validation request of CloudEvents, unsigned and without a body', async () => {
  expect(await cloudEvents().check(never)).toBeUndefined()
  expect(server().requests).toHaveLength(1)
  const [request] = server().requests
  expect(request).toMatchObject({ method: 'OPTIONS', path: '/hooks/entra' })
  expect(request?.headers).toMatchObject({ 'webhook-request-origin': 'entra-risk-export' })
  expect(request?.headers['webhook-id']).toBeUndefined()
  expect(request?.rawBody).toHaveLength(0)
})

test.each([204, 400, 405, 415, 429, 501])(
  'a receiver that answers OPTIONS with %i is there',
  async (code) => {
    server().always(status(code))
    expect(await cloudEvents().check(never)).toBeUndefined()
  },
)

test.each([301, 401, 403, 404, 407, 410, 500, 502, 503])('one that answers %i is not well', async (code) => {
  server().always(status(code))
  expect(await cloudEvents().check(never)).toMatchObject({ status: code })
})
