import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredRequest } from '../../../../local/emulators/http/stored-request.ts'
import { splitJsonObjects } from '../../../../local/emulators/siem/split-json-objects.ts'
import { ByteWriter } from '../../../../shared/encoding/byte-writer.ts'
import { encoded } from '../../../contract/sink-fixture.ts'
import { never, TOKEN } from '../../../sinks/webhook/webhook-under-test.ts'
import { anyCodePoint } from '../../../support/any-code-point.ts'
import { detection } from '../../../support/archived-events.ts'
import { spanText } from '../../../support/event-forms.ts'
import { siem, signed } from './siem-under-test.ts'

const { start, sink, send } = siem()
const splunk = () => start({ format: 'splunk-hec' })
const authorization = `Splunk ${TOKEN}`

test('what the webhook sink delivers is counted by id, and the collector is healthy', async () => {
  const receiver = await splunk()
  const webhook = sink(receiver, 'splunk-hec')
  const events = encoded(webhook, detection('a'), detection('b'))
  expect(await webhook.deliver(events, never)).toMatchObject({ status: 'delivered' })
  expect([...receiver.eventIds().keys()]).toEqual(events.map(({ eventId }) => eventId))
  expect(await webhook.check(never)).toBeUndefined()
})

test('objects may stand one after the other in any way', async () => {
  const receiver = await splunk()
  const body = '{"event":{"eventId":"a"}}{"event":{"eventId":"b}"}} \n\n {\n"event":{"eventId":"c"}\n}'
  const answer = await send(receiver.url, 'POST', body, { authorization, ...signed(body) })
  expect(answer).toEqual({ status: 200, body: '{"text":"Success","code":0}' })
  expect([...receiver.eventIds().keys()]).toEqual(['a', 'b}', 'c'])
})

test('whoever asks is told of what is stored, up to what is refused', async () => {
  const told: StoredRequest[] = []
  const receiver = await start({ format: 'splunk-hec', onStored: (stored) => told.push(stored) })
  const body = '{"event":{"eventId":"a"}}{"event":"b"}{"event":""}'
  await send(receiver.url, 'POST', body, { authorization, ...signed(body) })
  expect(told).toMatchObject([
    { requestId: 'msg_1', eventIds: ['a', ''], events: [{ event: { eventId: 'a' } }, { event: 'b' }] },
  ])
})

test.each([
  [undefined, 401, 2],
  ['Bearer x', 401, 3],
  ['Splunk wrong', 403, 4],
])('authorization %s is answered %i with code %i', async (given, status, code) => {
  const receiver = await splunk()
  const body = '{"event":"x"}'
  const headers = { ...signed(body), ...(given === undefined ? {} : { authorization: given }) }
  const answer = await send(receiver.url, 'POST', body, headers)
  expect([answer.status, JSON.parse(answer.body).code]).toEqual([status, code])
  const health = await send(new URL('health', receiver.url).href, 'GET', '', headers)
  expect(health.status).toBe(status)
  expect(receiver.received()).toBe(0)
})

const good = '{"event":{"eventId":"good"},"fields":{"n":1}}'
test.each([
  ['that is no JSON', '{"event":', 6],
  ['whose time is no number', '{"event":"x","time":"noon"}', 6],
  ['without an event', '{"time":1}', 12],
  ['whose event is blank', '{"event":""}', 13],
  ['whose event is null', '{"event":null}', 13],
  ['with nested fields', '{"event":"x","fields":{"a":{}}}', 15],
  ['with a list of fields', '{"event":"x","fields":[]}', 15],
])('an object %s stops the collector: those before it are stored', async (_, bad, code) => {
  const receiver = await splunk()
  const body = [good, good, bad, ...(code === 6 && bad.endsWith(':') ? [] : [good])].join('\n')
  const answer = await send(receiver.url, 'POST', body, { authorization, ...signed(body) })
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body)).toMatchObject({ code, 'invalid-event-number': 2 })
  expect(receiver.received()).toBe(2)
})

test('an empty body is no data', async () => {
  const receiver = await splunk()
  const answer = await send(receiver.url, 'POST', '', { authorization, ...signed('') })
  expect([answer.status, JSON.parse(answer.body).code]).toEqual([400, 5])
})

test('the sink makes the same of a stop as the collector does', async () => {
  const receiver = await splunk()
  const webhook = sink(receiver, 'splunk-hec')
  const [first, second, third] = encoded(webhook, detection('a'), detection('b'), detection('c'))
  if (first === undefined || second === undefined || third === undefined) throw new Error('not encoded')
  const memory = new ByteWriter(16)
  memory.text(spanText(second).replace('"event":{', '"event":"","was":{'))
  const outcome = await webhook.deliver(
    [first, { ...second, memory, start: 0, end: memory.length }, third],
    never,
  )
  if (outcome.status !== 'partial') throw new Error(outcome.status)
  expect([...receiver.eventIds().keys()]).toEqual([first.eventId])
  expect(outcome.failed.get(second.eventId)?.scope).toBe('record')
  expect(outcome.failed.get(third.eventId)?.scope).toBe('transient')
  expect(await webhook.deliver([third], never)).toMatchObject({ status: 'delivered' })
  expect(receiver.received()).toBe(2)
})

test('any objects, however they are joined, are split into themselves', () => {
  const object = fc
    .dictionary(fc.string({ unit: anyCodePoint }), fc.jsonValue({ stringUnit: anyCodePoint }))
    .map((o) => JSON.stringify(o))
  const space = fc.constantFrom('', ' ', '\n', '\r\n\t')
  fc.assert(
    fc.property(fc.array(object), space, fc.boolean(), (objects, between, pretty) => {
      const texts = pretty ? objects.map((o) => JSON.stringify(JSON.parse(o), null, 2)) : objects
      expect(splitJsonObjects(texts.join(between)).map((t) => t.trim())).toEqual(texts)
    }),
  )
})
