import { describe, expect, test } from 'vitest'
import { prepare } from '../../../shared/delivery/prepare.ts'
import { settle } from '../../../shared/delivery/settle.ts'
import { encoded, smallBatch } from '../../contract/sink-fixture.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'
import { detection } from '../../support/archived-events.ts'
import { spanText } from '../../support/event-forms.ts'
import { drip, status } from '../../support/scripted-answer.ts'
import { virtualTime } from '../../support/virtual-time.ts'
import { receiver } from './receiver.ts'
import { never, TOKEN } from './webhook-under-test.ts'

const { server, splunk } = receiver()

const reply = (code: number, invalidEvent?: number) =>
  JSON.stringify({ text: 'in words', code, 'invalid-event-number': invalidEvent })

async function delivered(httpStatus: number, body: string) {
  server().always(status(httpStatus, {}, body))
  const sink = splunk()
  const batch = smallBatch(sink)
  return { outcome: await sink.deliver(batch, never), batch }
}

test.each([400, 422])(
  'a web page with %i is that of a firewall, not a refusal of the event',
  async (code) => {
    const { outcome } = await delivered(code, '<!doctype html><html><h1>Request blocked</h1></html>')
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'answerUnexpected', scope: 'sink' } })
  },
)

test('a web page with 413 still says that the request is too large', async () => {
  const { outcome } = await delivered(413, '<html><h1>413 Request Entity Too Large</h1></html>')
  expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'tooLarge', scope: 'record' } })
})

describe('a reply of the collector', () => {
  test.each([
    [403, 1, 'unauthorized', 'sink'],
    [401, 2, 'unauthorized', 'sink'],
    [401, 3, 'unauthorized', 'sink'],
    [403, 4, 'unauthorized', 'sink'],
    [400, 5, 'answerUnexpected', 'sink'],
    [400, 7, 'answerUnexpected', 'sink'],
    [500, 8, 'unavailable', 'transient'],
    [400, 10, 'answerUnexpected', 'sink'],
    [400, 11, 'answerUnexpected', 'sink'],
    [400, 14, 'answerUnexpected', 'sink'],
    [400, 16, 'answerUnexpected', 'sink'],
    [503, 18, 'unavailable', 'transient'],
    [503, 19, 'unavailable', 'transient'],
    [503, 20, 'unavailable', 'transient'],
    [400, 21, 'unauthorized', 'sink'],
    [400, 22, 'unauthorized', 'sink'],
    [503, 23, 'unavailable', 'transient'],
    [400, 99, 'payloadRefused', 'record'],
  ])('%i with code %i is %s of scope %s', async (httpStatus, code, faultCode, scope) => {
    const { outcome } = await delivered(httpStatus, reply(code, 1))
    expect(outcome).toMatchObject({ status: 'failed', fault: { code: faultCode, scope, status: httpStatus } })
  })

  test.each([6, 12, 13, 15])(
    'code %i dead-letters the event it names; those before are there, those after are not',
    async (code) => {
      const { outcome, batch } = await delivered(400, reply(code, 1))
      const [first, second, third] = batch.map(({ eventId }) => eventId)
      if (outcome.status !== 'partial') throw new Error(outcome.status)
      expect(outcome.failed.get(second as never)).toMatchObject({ code: 'payloadRefused', scope: 'record' })
      expect(outcome.failed.get(third as never)).toMatchObject({ scope: 'transient' })
      expect(outcome.failed.has(first as never)).toBe(false)
    },
  )

  test.each([undefined, 3, -1, 0.5, 1e300])(
    'an event number %s that names none of the batch fails it whole, so that it is halved',
    async (invalid) => {
      const { outcome } = await delivered(400, reply(6, invalid))
      expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'payloadRefused', scope: 'record' } })
    },
  )

  test.each(['bad gateway', '', '{"code":', '[]', 'null', '{"code":"4"}', '{"text":"x"}'])(
    'that is none of the collector (%s) is judged by its HTTP status',
    async (body) => {
      expect((await delivered(502, body)).outcome).toMatchObject({ fault: { code: 'unavailable' } })
      expect((await delivered(400, body)).outcome).toMatchObject({ fault: { scope: 'record' } })
    },
  )

  test.each([200, 201, 202])(
    '%i is delivered where the collector says code 0 with it',
    async (httpStatus) => {
      expect((await delivered(httpStatus, reply(0))).outcome).toMatchObject({ status: 'delivered' })
    },
  )

  test.each([
    ['an error of its own', reply(9, 0)],
    ['a wrong token', reply(4)],
    ['a refused event', reply(6, 1)],
    ['that it is healthy', reply(17)],
    ['nothing', ''],
    ['a sign-in page', '<html><body>Sign in to Splunk</body></html>'],
    ['ok', 'ok'],
    ['half a reply', '{"text":"Success","code":0'],
    ['no code', '{"text":"Success"}'],
    ['the code as text', '{"text":"Success","code":"0"}'],
    ['a list', '[{"text":"Success","code":0}]'],
    ['a book', `{"text":"${'x'.repeat(100_000)}","code":0}`],
  ])('200 with %s is not', async (_, body) => {
    const { outcome } = await delivered(200, body)
    expect(outcome).toMatchObject({
      status: 'failed',
      fault: { code: 'answerUnexpected', scope: 'sink', status: 200 },
    })
  })

  test.each([503, 429])('%i of one that grew busy in the middle brings what was indexed', async (status) => {
    const { outcome, batch } = await delivered(status, reply(9, 2))
    if (outcome.status !== 'partial') throw new Error(outcome.status)
    expect([...outcome.failed.keys()]).toEqual([batch[2]?.eventId])
    expect([...outcome.failed.values()]).toMatchObject([{ code: 'unavailable', scope: 'transient', status }])
  })

  test('so what was not indexed, and nothing else, is sent again, in its order', async () => {
    const sink = splunk()
    server().script(status(503, { 'retry-after': '1' }, reply(9, 1)), status(200, {}, reply(0)))
    const events = archivedEventsAt(1, 3)
    const time = virtualTime()
    const retry = { deadlineMs: time.now() + 1000, maxAttempts: 3, backoff: { baseMs: 1, maxMs: 1 } }
    const first = await settle(sink, prepare(sink, events), retry, time)
    expect(first.delivered).toEqual(events.slice(0, 1))
    expect(first.pending.map(({ archived }) => archived)).toEqual(events.slice(1))
    await settle(sink, prepare(sink, events.slice(1)), retry, time)
    const ids = server().requests.map(({ body }) =>
      [...body.toString().matchAll(/"eventId":"([^"]+)"/g)].map(([, id]) => id),
    )
    expect(ids).toEqual([events, events.slice(1)].map((some) => some.map(({ event }) => event.eventId)))
  })

  test.each([0, 3, 99, -1, undefined])(
    'event number %s of a busy one says of no event that it is indexed: all are sent again',
    async (invalid) => {
      const { outcome } = await delivered(503, reply(9, invalid))
      expect(outcome).toMatchObject({ status: 'failed', fault: { code: 'unavailable', scope: 'transient' } })
    },
  )

  test('a refusal whose body drips is judged by its HTTP status when the signal ends it', async () => {
    server().always(drip('body', 403))
    const sink = splunk()
    const deadline = new AbortController()
    const outcome = sink.deliver(smallBatch(sink), deadline.signal)
    await server().received(1)
    setTimeout(() => deadline.abort(), 50)
    expect(await outcome).toMatchObject({ fault: { code: 'unauthorized', status: 403 } })
  })
})

describe('the check of a collector', () => {
  test.each([
    ['/services/collector/event', '/services/collector/health'],
    ['/services/collector', '/services/collector/health'],
    ['/splunk/services/collector/event?channel=x', '/splunk/services/collector/health'],
    ['/elsewhere', '/services/collector/health'],
  ])('for %s asks %s', async (path, healthPath) => {
    const sink = splunk({ url: `${server().origin}${path}` })
    expect(await sink.check(never)).toBeUndefined()
    expect(server().requests).toMatchObject([
      { method: 'GET', path: healthPath, headers: { authorization: `Splunk ${TOKEN}` } },
    ])
    expect(server().requests[0]?.rawBody).toHaveLength(0)
  })

  test.each([
    [503, 18, 'unavailable'],
    [400, 21, 'unauthorized'],
  ])('that is answered %i with code %i is %s', async (httpStatus, code, faultCode) => {
    server().always(status(httpStatus, {}, reply(code)))
    expect(await splunk().check(never)).toMatchObject({ code: faultCode })
  })
})

test('the time of an event is that of its arrival, or when the fact last changed, as set', async () => {
  const timesWith = (splunkTime: 'arrival' | 'updated') =>
    encoded(splunk({ splunkTime }), detection('a')).map((one) => JSON.parse(spanText(one)).time)
  expect(timesWith('arrival')).toEqual([undefined])
  expect(timesWith('updated')).toEqual([detection('a').lastUpdatedAt / 1000])
})

test('no index is named where none is set', async () => {
  const sink = splunk()
  expect(encoded(sink, detection('a')).map(spanText).join()).not.toContain('"index"')
  expect(
    encoded(splunk({ splunkIndex: 'a"b' }), detection('a'))
      .map(spanText)
      .join(),
  ).toContain('"index":"a\\"b"')
})
