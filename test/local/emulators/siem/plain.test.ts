import { expect, test } from 'vitest'
import { SIEM_FORMATS } from '../../../../local/emulators/siem/receiver-options.ts'
import { WEBHOOK_FORMATS } from '../../../../shared/domain/webhook-formats.ts'
import { encoded } from '../../../contract/sink-fixture.ts'
import { never, TOKEN } from '../../../sinks/webhook/webhook-under-test.ts'
import { detection, heartbeat } from '../../../support/archived-events.ts'
import { siem, signed } from './siem-under-test.ts'

const { start, sink, send } = siem()

test.each(['array', 'ndjson'] as const)('events in JSON are counted by id, joined as %s', async (framing) => {
  const receiver = await start({ format: 'json' })
  const webhook = sink(receiver, 'json', { framing })
  const events = encoded(webhook, detection('a'), heartbeat('b'))
  expect(await webhook.deliver(events, never)).toMatchObject({ status: 'delivered' })
  expect([...receiver.eventIds().keys()]).toEqual(events.map(({ eventId }) => eventId))
  expect(await webhook.check(never)).toBeUndefined()
})

test('Google SecOps wants its key', async () => {
  const receiver = await start({ format: 'secops', headers: { 'x-goog-api-key': TOKEN } })
  const withKey = (key: string) =>
    sink(receiver, 'secops', { authentication: { by: 'header', name: 'x-goog-api-key', values: [key] } })
  const events = encoded(withKey(TOKEN), detection('a'))
  expect(await withKey('wrong').deliver(events, never)).toMatchObject({ fault: { status: 401 } })
  expect(await withKey(TOKEN).deliver(events, never)).toMatchObject({ status: 'delivered' })
  expect([...receiver.eventIds().keys()]).toEqual(events.map(({ eventId }) => eventId))
})

test.each(['', '[', '[1]', '{"a":1', 'null'])('%s is no JSON of events', async (body) => {
  const receiver = await start({ format: 'json' })
  expect((await send(receiver.url, 'POST', body, signed(body))).status).toBe(400)
  expect(receiver.received()).toBe(0)
})

test('OCSF is JSON whose metadata has the id', async () => {
  const receiver = await start({ format: 'ocsf' })
  const webhook = sink(receiver, 'ocsf')
  const events = encoded(webhook, detection('a'), heartbeat('b'))
  expect(await webhook.deliver(events, never)).toMatchObject({ status: 'delivered' })
  expect([...receiver.eventIds().keys()]).toEqual(events.map(({ eventId }) => eventId))
})

test.each(['cef', 'otlp'] as const)('%s is read, and wants its token', async (format) => {
  const receiver = await start({ format, headers: { authorization: `Bearer ${TOKEN}` } })
  const withToken = (token: string) =>
    sink(receiver, format, {
      authentication: { by: 'header', name: 'authorization', values: [`Bearer ${token}`] },
    })
  const events = encoded(withToken(TOKEN), detection('a'), heartbeat('b'))
  expect(await withToken('wrong').deliver(events, never)).toMatchObject({ fault: { status: 401 } })
  expect(await withToken(TOKEN).deliver(events, never)).toMatchObject({ status: 'delivered' })
  expect([...receiver.eventIds().keys()]).toEqual(events.map(({ eventId }) => eventId))
})

test.each(['cef', 'otlp'] as const)('what is no %s is refused', async (format) => {
  const receiver = await start({ format })
  const headers = { ...signed('x'), authorization: `Bearer ${TOKEN}` }
  expect((await send(receiver.url, 'POST', 'x', headers)).status).toBe(400)
  expect(receiver.received()).toBe(0)
})

test.each(['cloudevents', 'json', 'splunk-hec'] as const)(
  '%s: every header that was given is wanted',
  async (format) => {
    const receiver = await start({ format, headers: { 'x-tenant': 'contoso' } })
    const events = encoded(sink(receiver, format), detection('a'))
    for (const headers of [{}, { 'x-tenant': 'fabrikam' }])
      expect(await sink(receiver, format, { headers }).deliver(events, never)).toMatchObject({
        fault: { status: 401 },
      })
    const given = sink(receiver, format, { headers: { 'x-tenant': 'contoso' } })
    expect(await given.deliver(events, never)).toMatchObject({ status: 'delivered' })
  },
)

test('there is a receiver for every format of ours', () => {
  expect([...SIEM_FORMATS].sort()).toEqual(Object.keys(WEBHOOK_FORMATS).sort())
})
