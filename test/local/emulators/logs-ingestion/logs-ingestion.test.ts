import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  hang,
  resetAfterStoring,
  resetBeforeStoring,
} from '../../../../local/emulators/http/receiver-step.ts'
import type { StoredRequest } from '../../../../local/emulators/http/stored-request.ts'
import type { LogsIngestionOptions } from '../../../../local/emulators/logs-ingestion/ingestion-options.ts'
import {
  type LogsIngestion,
  startLogsIngestion,
} from '../../../../local/emulators/logs-ingestion/logs-ingestion.ts'
import { accessDenied, throttled } from '../../../../local/emulators/logs-ingestion/service-faults.ts'
import { createLocalAuthority, type LocalAuthority } from '../../../../local/emulators/tls/local-authority.ts'
import { tableDeclarations } from '../../../../shared/sinks/log-analytics/tables.ts'
import { until } from '../../../support/until.ts'
import { post, type RawRequest } from './post-rows.ts'

const RULE_ID = `dcr-${'0'.repeat(32)}`
const TABLE = 'EntraRiskyIdentities_CL'
const NOW_MS = Date.parse('2026-03-01T12:00:45.000Z')
const GOOD = {
  TimeGenerated: '2026-03-01T12:00:00.000Z',
  EventId: 'e1',
  RiskLevel: 'high',
  SequenceNumber: 7,
}

let authority: LocalAuthority
let folder: string
const running: LogsIngestion[] = []

beforeAll(async () => {
  authority = await createLocalAuthority()
  folder = await mkdtemp(join(tmpdir(), 'logs-ingestion-'))
})
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop()
})
afterAll(() => rm(folder, { recursive: true }))

async function start(options: Partial<LogsIngestionOptions> = {}): Promise<LogsIngestion> {
  const service = await startLogsIngestion({
    authority,
    tables: tableDeclarations(),
    ruleId: RULE_ID,
    isValidToken: (token) => token === 'good',
    nowMs: () => NOW_MS,
    ...options,
  })
  running.push(service)
  return service
}

const address = (stream = `Custom-${TABLE}`, rule = RULE_ID, query = 'api-version=2023-01-01'): string =>
  `/dataCollectionRules/${rule}/streams/${stream}?${query}`

interface Wrong {
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** A request that is right but for what is given. */
const sending = (
  service: LogsIngestion,
  { path = address(), headers = {}, body }: Wrong = {},
): RawRequest => ({
  url: `${service.url}${path}`,
  caPem: authority.caPem,
  headers: {
    authorization: 'Bearer good',
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    ...headers,
  },
  body: typeof body === 'object' ? body : gzipSync(body ?? JSON.stringify([GOOD])),
})

const rows = (...changes: readonly object[]): string =>
  JSON.stringify(changes.map((c) => ({ ...GOOD, ...c })))

test('rows that fit their table are stored in order, counted and written', async () => {
  const service = await start({ directory: folder })
  const answer = await post(sending(service, { body: rows({ EventId: 'a' }, { EventId: 'b' }) }))
  expect(answer).toMatchObject({ status: 204, body: '' })
  await post(sending(service, { body: rows({ EventId: 'a' }) }))
  expect(service.rows(TABLE).map((row) => row.EventId)).toEqual(['a', 'b', 'a'])
  expect(service.eventIds()).toEqual(new Map(Object.entries({ a: 2, b: 1 })))
  expect([service.received(), service.requests(), service.counts().get(TABLE)]).toEqual([3, 2, 3])
  const lines = (await readFile(join(folder, `${TABLE}.ndjson`), 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).EventId)).toEqual(['a', 'b', 'a'])
})

test('the address may have its query name encoded, as the official client writes it', async () => {
  const service = await start()
  const path = address(undefined, undefined, 'api%2Dversion=2023-01-01')
  expect((await post(sending(service, { path }))).status).toBe(204)
})

test('no rows are taken and nothing is stored', async () => {
  const service = await start()
  expect((await post(sending(service, { body: '[]' }))).status).toBe(204)
  expect(service.received()).toBe(0)
})

const wide = 'x'.repeat(1_048_577)
const REFUSED: readonly (readonly [string, Wrong, number, string])[] = [
  ['without a good token', { headers: { authorization: 'Bearer bad' } }, 401, 'InvalidToken'],
  ['for another rule', { path: address(undefined, 'dcr-1') }, 404, 'NotFound'],
  ['for another page', { path: '/' }, 404, 'NotFound'],
  ['for a stream that is not declared', { path: address('Custom-Other_CL') }, 400, 'InvalidStream'],
  [
    'of another API version',
    { path: address(undefined, undefined, 'api-version=1') },
    400,
    'UnsupportedApiVersion',
  ],
  ['of another content type', { headers: { 'content-type': 'text/plain' } }, 415, 'UnsupportedMediaType'],
  ['of an unknown encoding', { headers: { 'content-encoding': 'br' } }, 415, 'UnsupportedMediaType'],
  ['that is not gzip', { body: Buffer.from('[]') }, 400, 'InvalidContentEncoding'],
  ['over 1 MB on the wire', { body: Buffer.from(wide) }, 413, 'ContentLengthLimitExceeded'],
  ['over 1 MB once unpacked', { body: wide }, 413, 'ContentLengthLimitExceeded'],
  ['that is not JSON', { body: '[{' }, 400, 'InvalidPayload'],
  ['that is not an array', { body: '{}' }, 400, 'InvalidPayload'],
  ['with an element that is no row', { body: '[1]' }, 400, 'InvalidPayload'],
  ['without TimeGenerated', { body: '[{"EventId":"a"}]' }, 400, 'InvalidPayload'],
  ['with an unknown column', { body: rows({ Nonsense: 1 }) }, 400, 'InvalidPayload'],
  ['with a number for a string', { body: rows({ RiskLevel: 1 }) }, 400, 'InvalidPayload'],
  ['with a string for a number', { body: rows({ SequenceNumber: '7' }) }, 400, 'InvalidPayload'],
  ['with a fraction for an integer', { body: rows({ RecordOrdinal: 1.5 }) }, 400, 'InvalidPayload'],
  ['with a string for a boolean', { body: rows({ AccountEnabled: 'true' }) }, 400, 'InvalidPayload'],
  [
    'with a time that is none',
    { body: rows({ EnqueuedDateTime: '2026-13-01T00:00:00Z' }) },
    400,
    'InvalidPayload',
  ],
  ['with a field over 64 KB', { body: rows({ RiskLevel: 'é'.repeat(33_000) }) }, 400, 'InvalidPayload'],
]

test.each(REFUSED)('a request %s is refused, and nothing of it stored', async (_, wrong, status, code) => {
  const service = await start()
  const answer = await post(sending(service, wrong))
  expect(answer.status).toBe(status)
  expect(JSON.parse(answer.body).error.code).toBe(code)
  expect(answer.headers['x-ms-error-code']).toBe(code)
  expect(service.received()).toBe(0)
  expect(service.refusals()).toHaveLength(1)
})

test('one bad row refuses the whole request', async () => {
  const service = await start()
  expect((await post(sending(service, { body: rows({}, { RiskLevel: 1 }) }))).status).toBe(400)
  expect(service.received()).toBe(0)
})

test('more requests than the limit in one minute are told how long to wait', async () => {
  const service = await start({ maxRequestsPerMinute: 2 })
  const answers = []
  for (const _ of [1, 2, 3]) answers.push(await post(sending(service)))
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 429])
  expect(answers[2]?.headers['retry-after']).toBe('15')
})

test('faults come by script, one a request, and then health returns', async () => {
  const service = await start()
  service.script(accessDenied(RULE_ID), throttled(2), resetBeforeStoring, resetAfterStoring)
  expect((await post(sending(service))).status).toBe(403)
  expect((await post(sending(service))).headers['retry-after']).toBe('2')
  await expect(post(sending(service))).rejects.toThrow('socket hang up')
  expect(service.received()).toBe(0)
  await expect(post(sending(service))).rejects.toThrow('socket hang up')
  expect(service.received(), 'stored, though the sender cannot know').toBe(1)
  expect((await post(sending(service))).status).toBe(204)
})

test('a frozen service answers once it is thawed', async () => {
  const service = await start()
  service.freeze()
  const answer = post(sending(service))
  await until(() => service.requests() === 1)
  expect(service.received()).toBe(0)
  service.thaw()
  expect((await answer).status).toBe(204)
})

test('a standing fault stays until it is lifted', async () => {
  const service = await start()
  service.always(hang)
  const unanswered = post(sending(service)).catch(() => 'cut off')
  await until(() => service.requests() === 1)
  service.always(undefined)
  expect((await post(sending(service))).status).toBe(204)
  await service.stop()
  running.splice(0)
  expect(await unanswered).toBe('cut off')
})

test('whoever asks is told of what is stored, under what name, and whether the answer was handed over', async () => {
  const told: StoredRequest[] = []
  const service = await start({ onStored: (stored) => told.push(stored) })
  const named = (id: string, body: string) =>
    post(sending(service, { body, headers: { 'x-ms-client-request-id': id } }))
  service.script(resetAfterStoring)
  await expect(named('first', rows({ EventId: 'a' }, { EventId: 'b' }))).rejects.toBeInstanceOf(Error)
  await named('second', rows({ EventId: 'a' }))
  await named('empty', '[]')
  expect(told).toMatchObject([
    {
      requestId: 'first',
      eventIds: ['a', 'b'],
      events: [
        { ...GOOD, EventId: 'a' },
        { ...GOOD, EventId: 'b' },
      ],
      atMs: NOW_MS,
    },
    { requestId: 'second', eventIds: ['a'] },
  ])
  expect(await Promise.all(told.map(({ answered }) => answered))).toEqual([false, true])
})
