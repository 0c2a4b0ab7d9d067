import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { StoredRequest } from '../../../../local/emulators/http/stored-request.ts'
import { eventId } from '../../../../shared/domain/identifiers.ts'
import { encoded, smallBatch } from '../../../contract/sink-fixture.ts'
import { NEXT_SECRET, never } from '../../../sinks/webhook/webhook-under-test.ts'
import { detection, heartbeat, riskyIdentity } from '../../../support/archived-events.ts'
import { siem, signed, zipped } from './siem-under-test.ts'

const { start, sink, send } = siem()

const event = (id: string, changes: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/s',
  type: 't',
  ...changes,
})
const batch = JSON.stringify([event('one'), event('two'), event('two')])
const type = { 'content-type': 'application/cloudevents-batch+json' }

test('what the webhook sink delivers is verified, unpacked, parsed and counted by id', async () => {
  const receiver = await start()
  const webhook = sink(receiver)
  const events = encoded(webhook, detection('a'), riskyIdentity('b'), heartbeat('c'))
  expect(await webhook.deliver(events, never)).toMatchObject({ status: 'delivered' })
  expect(await webhook.deliver(events.slice(0, 1), never)).toMatchObject({ status: 'delivered' })
  expect([receiver.requests(), receiver.received(), receiver.eventIds().size]).toEqual([2, 4, 3])
  expect(receiver.eventIds().get(detection('a').eventId)).toBe(2)
  expect(receiver.eventIds().get(eventId('none'))).toBeUndefined()
  expect(receiver.refusals()).toEqual([])
})

test.each(['array', 'ndjson', 'single'] as const)(
  'what the sink sends in framing %s is taken',
  async (framing) => {
    const receiver = await start()
    const webhook = sink(receiver, 'cloudevents', { framing })
    const events = encoded(webhook, detection('a'), riskyIdentity('b')).slice(0, webhook.limits.maxEvents)
    expect(await webhook.deliver(events, never)).toMatchObject({ status: 'delivered' })
    expect(receiver.eventIds().size).toBe(events.length)
  },
)

test('the sink finds it healthy', async () => {
  const receiver = await start()
  expect(await sink(receiver).check(never)).toBeUndefined()
  expect([receiver.requests(), receiver.received()]).toEqual([0, 0])
})

test('a batch signed by the reference library is taken, zipped or not', async () => {
  const receiver = await start({ secrets: [NEXT_SECRET] })
  const headers = { ...type, ...signed(batch, NEXT_SECRET) }
  expect(await send(receiver.url, 'POST', batch, headers)).toMatchObject({ status: 204 })
  const answer = await send(receiver.url, 'POST', zipped(batch), { ...headers, 'content-encoding': 'gzip' })
  expect(answer.status).toBe(204)
  expect([...receiver.eventIds()]).toEqual([
    ['one', 2],
    ['two', 4],
  ])
})

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z')
const now = new Date(NOW_MS)
const late = new Date(NOW_MS - 301_000)
const early = new Date(NOW_MS + 301_000)

test.each([
  ['unsigned', {}, 'a webhook header is missing'],
  ['signed by another secret', signed(batch, NEXT_SECRET, now), 'no signature matches'],
  ['signed for another body', signed(`${batch} `, undefined, now), 'no signature matches'],
  [
    'of another id than it is signed for',
    { ...signed(batch, undefined, now), 'webhook-id': 'msg_2' },
    'no signature matches',
  ],
  ['signed long ago', signed(batch, undefined, late), 'the timestamp is more than five minutes off'],
  ['signed in the future', signed(batch, undefined, early), 'the timestamp is more than five minutes off'],
  [
    'with a timestamp that is none',
    { ...signed(batch, undefined, now), 'webhook-timestamp': 'now' },
    'the timestamp is not a number of seconds',
  ],
  [
    'with a signature of another kind',
    { ...signed(batch, undefined, now), 'webhook-signature': 'v1a,AAAA' },
    'no signature matches',
  ],
])('a request %s is refused and not stored', async (_, headers, reason) => {
  const receiver = await start({ nowMs: () => NOW_MS })
  const answer = await send(receiver.url, 'POST', batch, { ...type, ...headers })
  expect(answer.status).toBe(401)
  expect([receiver.requests(), receiver.received()]).toEqual([1, 0])
  expect(receiver.refusals()).toEqual([reason])
})

test.each([-300_000, 0, 300_000])('a clock that is %i ms off is good enough', async (offMs) => {
  const receiver = await start({ nowMs: () => NOW_MS })
  const headers = { ...type, ...signed(batch, undefined, new Date(NOW_MS + offMs)) }
  expect((await send(receiver.url, 'POST', batch, headers)).status).toBe(204)
})

test.each([
  ['no JSON', '[{', 'the body is not JSON'],
  ['one event alone', JSON.stringify(event('one')), 'the body is no JSON array'],
  ['another version', JSON.stringify([event('x', { specversion: '0.3' })]), 'specversion is not 1.0'],
  ['an event without an id', JSON.stringify([event('')]), 'id is missing'],
  ['an event without a source', JSON.stringify([event('x', { source: 1 })]), 'source is missing'],
  [
    'an attribute in camel case',
    JSON.stringify([event('x', { eventId: 'x' })]),
    'an attribute is not named in lower-case letters and digits',
  ],
  ['something that is no event', '[null]', 'an element of the batch is not an object'],
])('a batch with %s is refused whole', async (_, body, reason) => {
  const receiver = await start()
  const answer = await send(receiver.url, 'POST', body, { ...type, ...signed(body) })
  expect(answer).toEqual({ status: 400, body: reason })
  expect(receiver.received()).toBe(0)
})

test.each([
  ['of another type', { 'content-type': 'application/json' }, 415],
  ['in an encoding it does not know', { 'content-encoding': 'br' }, 415],
  ['that does not unpack', { 'content-encoding': 'gzip' }, 400],
])('a request %s is refused', async (_, headers, code) => {
  const receiver = await start()
  const answer = await send(receiver.url, 'POST', batch, { ...type, ...signed(batch), ...headers })
  expect(answer.status).toBe(code)
})

test('a body that unpacks without end, or that is without end, is refused', async () => {
  const receiver = await start()
  const bomb = zipped(' '.repeat(65_000_000))
  const headers = { ...type, ...signed('') }
  const unpacked = await send(receiver.url, 'POST', bomb, { ...headers, 'content-encoding': 'gzip' })
  expect(unpacked.status).toBe(400)
  expect((await send(receiver.url, 'POST', Buffer.alloc(17_000_000), headers)).status).toBe(413)
})

test.each([
  ['GET', ''],
  ['PUT', ''],
  ['POST', 'elsewhere'],
])('%s of %s is no delivery', async (method, suffix) => {
  const receiver = await start()
  const answer = await send(`${receiver.url}${suffix}`, method, batch, { ...type, ...signed(batch) })
  expect(answer.status).toBe(404)
  expect([receiver.requests(), receiver.received()]).toEqual([0, 0])
})

test('what was received can be looked at, in memory and in a folder, without the secrets of its headers', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'siem-'))
  try {
    const receiver = await start({ directory: join(directory, 'webhook') })
    const webhook = sink(receiver)
    await webhook.deliver(smallBatch(webhook), never)
    const answer = await send(receiver.url, 'POST', batch, {
      ...type,
      ...signed(batch),
      authorization: 'Bearer abc',
    })
    expect(answer.status).toBe(204)
    expect((await readdir(join(directory, 'webhook'))).sort()).toEqual([
      '1.body',
      '1.headers.json',
      '2.body',
      '2.headers.json',
    ])
    expect(await readFile(join(directory, 'webhook', '2.body'), 'utf8')).toBe(batch)
    const headers = await readFile(join(directory, 'webhook', '2.headers.json'), 'utf8')
    expect(JSON.parse(headers)).toMatchObject({ 'webhook-id': 'msg_1' })
    expect(headers).not.toContain('abc')
    expect(receiver.kept().map(({ number, body }) => [number, body.length])).toEqual([
      [1, webhook.sizeOf(smallBatch(webhook))],
      [2, batch.length],
    ])
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('what cannot be stored is not accepted', async () => {
  const receiver = await start({ directory: '/dev/null/nowhere' })
  const answer = await send(receiver.url, 'POST', batch, { ...type, ...signed(batch) })
  expect(answer.status).toBe(500)
  expect(receiver.received()).toBe(0)
})

test('whoever asks is told of what is stored', async () => {
  const told: StoredRequest[] = []
  const receiver = await start({ onStored: (stored) => told.push(stored), nowMs: () => NOW_MS })
  await send(receiver.url, 'POST', batch, { ...type, ...signed(batch, undefined, now) })
  await send(receiver.url, 'POST', '[]', { ...type, ...signed('[]', undefined, now) })
  expect(told).toEqual([
    {
      requestId: 'msg_1',
      eventIds: ['one', 'two', 'two'],
      events: [event('one'), event('two'), event('two')],
      atMs: NOW_MS,
      answered: expect.any(Promise),
    },
  ])
})
