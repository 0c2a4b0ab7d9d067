import { AuthenticationError, CredentialUnavailableError } from '@azure/identity'
import { expect, test } from 'vitest'
import { prepare } from '../../../shared/delivery/prepare.ts'
import { Refusals } from '../../../shared/delivery/send/refusals.ts'
import { settle } from '../../../shared/delivery/settle.ts'
import type { Sink } from '../../../shared/delivery/sink.ts'
import type { ExportedEvent } from '../../../shared/domain/exported-event.ts'
import { type LogRow, STREAMS } from '../../../shared/sinks/log-analytics/log-row.ts'
import { encoded, faultOf } from '../../contract/sink-fixture.ts'
import { archived, detection, heartbeat, riskyIdentity } from '../../support/archived-events.ts'
import { status } from '../../support/scripted-answer.ts'
import { virtualTime } from '../../support/virtual-time.ts'
import { never, RULE_ID, receiver, SENT_AT_MS } from './receiver.ts'

const { server, sink } = receiver()

const one = (event: ExportedEvent = detection('one')) => encoded(sink(), event)
const sentTimes = (): string[] =>
  server().requests.flatMap(({ body }) =>
    JSON.parse(body.toString()).map((row: { TimeGenerated: string }) => row.TimeGenerated),
  )

test('a request is what the Logs Ingestion API expects', async () => {
  await sink().deliver(one(), never)
  const [request] = server().requests
  expect(request?.method).toBe('POST')
  expect(request?.path).toBe(
    `/dataCollectionRules/${RULE_ID}/streams/Custom-EntraRiskDetections_CL?api-version=2023-01-01`,
  )
  expect(request?.headers).toMatchObject({
    authorization: 'Bearer a-token',
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'user-agent': expect.stringContaining('azsdk-js-monitor-ingestion'),
    'x-ms-client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
})

test('an endpoint with a trailing slash is the same endpoint', async () => {
  await sink({ endpoint: `${server().origin}/` }).deliver(one(), never)
  expect(server().requests[0]?.path).toMatch(/^\/dataCollectionRules\//)
})

test('TimeGenerated is the time at which the request was made, the same for every attempt at it, whenever the row was made', async () => {
  let now = SENT_AT_MS
  const target = sink({ nowMs: () => now })
  const batch = one()
  target.ready?.(batch)
  for (const attempted of [batch, batch, [...batch]]) {
    now += 86_400_000
    await target.deliver(attempted, never)
  }
  expect(sentTimes()).toEqual([
    '2026-03-01T12:00:00.000Z',
    '2026-03-01T12:00:00.000Z',
    '2026-03-04T12:00:00.000Z',
  ])
})

test('each kind of event goes to the stream of its table, and the order within a stream is kept', async () => {
  const batch = encoded(sink(), detection('a'), riskyIdentity('b'), heartbeat('c'), detection('d'))
  await sink().deliver(batch, never)
  const byStream = new Map(
    server().requests.map(({ path, body }) => [
      /Custom-(\w+)/.exec(path)?.[1],
      JSON.parse(body.toString()).map((row: { EventId: string }) => row.EventId),
    ]),
  )
  const [a, b, c, d] = batch.map(({ eventId }) => eventId)
  expect(byStream.get('EntraRiskDetections_CL')).toEqual([a, d])
  expect(byStream.get('EntraRiskyIdentities_CL')).toEqual([b])
  expect(byStream.get('EntraRiskExportHealth_CL')).toEqual([c])
})

test('when one stream fails, only its events failed', async () => {
  const target = sink()
  const batch = encoded(target, detection('a'), riskyIdentity('b'), riskyIdentity('c'))
  server().script(status(204), status(400))
  const first = await target.deliver(batch, never)
  const refused = server().requests[1]?.path ?? ''
  const expected = batch.filter(({ route }) => refused.includes(route)).map(({ eventId }) => eventId)
  expect(first).toMatchObject({ status: 'partial' })
  const failed = first.status === 'partial' ? first.failed : new Map()
  expect([...failed.keys()]).toEqual(expected)
  expect([...failed.values()].map(({ scope }) => scope)).toEqual(expected.map(() => 'record'))
})

test('when all streams fail alike, the delivery failed as a whole', async () => {
  server().always(status(503, { 'retry-after': '3' }))
  const batch = encoded(sink(), detection('a'), riskyIdentity('b'))
  expect(faultOf(await sink().deliver(batch, never))).toMatchObject({
    scope: 'transient',
    retryAfterMs: 3_000,
  })
})

test('when streams fail differently, each event has the fault of its stream', async () => {
  const batch = encoded(sink(), detection('a'), riskyIdentity('b'))
  server().script(status(503), status(400))
  const outcome = await sink().deliver(batch, never)
  const failed = outcome.status === 'partial' ? outcome.failed : new Map()
  expect(new Set([...failed.values()].map(({ scope }) => scope))).toEqual(new Set(['transient', 'record']))
  expect(failed.size).toBe(2)
})

test('a 200 is not taken for delivered: the Logs Ingestion API answers 204', async () => {
  server().always(status(200, {}, '<html>Welcome</html>'))
  expect(faultOf(await sink().deliver(one(), never))).toMatchObject({
    code: 'answerUnexpected',
    scope: 'sink',
  })
})

test.each([
  ['in a header', status(400, { 'x-ms-error-code': 'InvalidStream' })],
  ['in the body', status(400, {}, '{"error":{"code":"InvalidStream","message":"no such stream"}}')],
])('a stream that the rule does not declare, said %s, dead-letters no record', async (_, answer) => {
  server().always(answer)
  const fault = faultOf(await sink().deliver(one(), never))
  expect(fault).toMatchObject({ code: 'notFound', scope: 'sink', status: 400 })
  expect(fault.message).toContain('InvalidStream')
})

test('an error code that is no code is not shown', async () => {
  server().always(status(400, {}, '{"error":{"code":"hunter2 for Payroll"}}'))
  expect(faultOf(await sink().deliver(one(), never)).message).not.toContain('Payroll')
})

test.each([
  [
    'there is no identity',
    new CredentialUnavailableError('no identity, secret-hint'),
    'unauthorized',
    'sink',
  ],
  ['the identity is refused', new AuthenticationError(400, { error: 'secret-hint' }), 'unauthorized', 'sink'],
  [
    'the token endpoint is away',
    new CredentialUnavailableError('Network unreachable'),
    'unreachable',
    'transient',
  ],
])('when %s, nothing is sent and the fault says so', async (_, error, code, scope) => {
  const target = sink({ credential: { getToken: () => Promise.reject(error) } })
  const fault = faultOf(await target.deliver(one(), never))
  expect(fault).toMatchObject({ code, scope })
  expect(fault.message).not.toContain('secret-hint')
  expect(server().requests).toEqual([])
})

test('a token that never comes does not outlast the signal', async () => {
  const target = sink({ credential: { getToken: () => new Promise(() => undefined) } })
  const deadline = new AbortController()
  const delivery = target.deliver(one(), deadline.signal)
  deadline.abort()
  expect(faultOf(await delivery)).toMatchObject({ code: 'timeout', scope: 'transient' })
})

test('a check looks at every stream, and takes a refusal of the empty payload for health', async () => {
  server().always(status(400, { 'x-ms-error-code': 'InvalidPayload' }))
  expect(await sink().check(never)).toBeUndefined()
  expect(server().requests.map(({ body }) => body.toString())).toEqual(STREAMS.map(() => '[]'))
  server().always(status(400, { 'x-ms-error-code': 'InvalidStream' }))
  expect(await sink().check(never)).toMatchObject({ code: 'notFound', scope: 'sink' })
})

test('a transformation that is broken refuses all of one table: nothing is dead-lettered, and the others are delivered', async () => {
  server().answering(({ path }) => (path.includes('RiskyIdentities') ? status(400) : undefined))
  const target: Sink<LogRow> = { ...sink(), refusals: new Refusals() }
  const events = Array.from({ length: 20 }, (_, n) =>
    n % 2 === 0 ? detection(`d-${n}`) : riskyIdentity(`i-${n}`),
  )
  const prepared = prepare(target, events.map(archived))
  const time = virtualTime()
  const retry = { deadlineMs: time.now() + 60_000, maxAttempts: 1, backoff: { baseMs: 1, maxMs: 1 } }
  for (let tries = 0; tries < 3; tries++) {
    const ends = await settle(target, prepared, retry, time)
    expect(ends.deadLettered).toEqual([])
    expect(ends.delivered.map(({ event }) => event.kind)).toEqual(Array(10).fill('riskDetection'))
    expect(ends.pending).toHaveLength(10)
    expect(ends.stoppedBy).toMatchObject({ code: 'allRefused', scope: 'sink', status: 400 })
  }
})
