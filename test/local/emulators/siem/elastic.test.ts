import { expect, test } from 'vitest'
import { encoded } from '../../../contract/sink-fixture.ts'
import { apiKey, never, TOKEN } from '../../../sinks/webhook/webhook-under-test.ts'
import { detection, heartbeat, riskyIdentity } from '../../../support/archived-events.ts'
import { siem } from './siem-under-test.ts'

const { start, sink, send } = siem()
const elastic = () => start({ format: 'elastic-bulk', secrets: [] })
const headers = { authorization: `ApiKey ${TOKEN}`, 'content-type': 'application/x-ndjson' }

test('what the webhook sink delivers is stored once, however often it is sent', async () => {
  const receiver = await elastic()
  const webhook = sink(receiver, 'elastic-bulk', { authentication: apiKey(TOKEN), secrets: [] })
  const events = encoded(webhook, detection('a'), riskyIdentity('b'))
  expect(await webhook.deliver(events, never)).toMatchObject({ status: 'delivered' })
  const more = encoded(webhook, detection('a'), heartbeat('c'), riskyIdentity('b'))
  expect(await webhook.deliver(more, never)).toMatchObject({ status: 'delivered' })
  expect([...receiver.eventIds().values()]).toEqual([1, 1, 1])
  expect(await webhook.check(never)).toBeUndefined()
})

test('a wrong API key is told at delivery and check', async () => {
  const receiver = await elastic()
  const webhook = sink(receiver, 'elastic-bulk', { authentication: apiKey('wrong'), secrets: [] })
  const fault = { code: 'unauthorized', scope: 'sink', status: 401 }
  expect(await webhook.deliver(encoded(webhook, detection('a')), never)).toMatchObject({ fault })
  expect(await webhook.check(never)).toMatchObject(fault)
})

test('each action has its own item, in order', async () => {
  const receiver = await elastic()
  const lines = [
    ['{"create":{"_index":"logs-x-y","_id":"1"}}', '{"@timestamp":"2026-03-01T00:00:00Z"}'],
    ['{"create":{"_index":"logs-x-y","_id":"1"}}', '{"@timestamp":"2026-03-01T00:00:00Z"}'],
    ['{"create":{"_index":"logs-x-y","_id":"2"}}', '{"no":"time"}'],
    ['{"create":{"_index":"logs-x-y","_id":"3"}}', 'no JSON'],
    ['{"index":{"_index":"logs-x-y","_id":"4"}}', '{"@timestamp":"2026-03-01T00:00:00Z"}'],
  ]
  const answer = await send(receiver.url, 'POST', `${lines.flat().join('\n')}\n`, headers)
  const { errors, items } = JSON.parse(answer.body)
  expect([answer.status, errors]).toEqual([200, true])
  expect(items.map(({ create }: { create: { status: number } }) => create.status)).toEqual([
    201, 409, 400, 400, 400,
  ])
})

test.each([
  ['', 400],
  ['{"create":{"_id":"1"}}\n{"@timestamp":"2026-03-01T00:00:00Z"}', 400],
  ['no action\n{}\n', 400],
])('a request %j is refused whole', async (body, status) => {
  const receiver = await elastic()
  expect((await send(receiver.url, 'POST', body, headers)).status).toBe(status)
  expect(receiver.received()).toBe(0)
})

test('another content type is not accepted', async () => {
  const receiver = await elastic()
  const answer = await send(receiver.url, 'POST', '{}\n', { ...headers, 'content-type': 'text/plain' })
  expect(answer.status).toBe(406)
})
