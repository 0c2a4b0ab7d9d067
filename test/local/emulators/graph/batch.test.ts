import { expect, test } from 'vitest'
import { seed } from '../../../../local/emulators/graph/seed.ts'
import { SEEDED } from '../../../../local/emulators/graph/seed-names.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'
import { APP, call, errorOf, principal, start } from './graph-under-test.ts'

const { buildPipeline, mailArchiver } = SEEDED
const get = (id: string, url: string, headers: JsonObject = {}): JsonObject => ({
  id,
  method: 'GET',
  url,
  headers,
})
const history = `/identityProtection/riskyServicePrincipals/${buildPipeline.id}/history`

async function batched(options: Parameters<typeof start>[0], requests: readonly JsonObject[], token = 'all') {
  const graph = await start(options)
  seed(graph.tenant)
  const answer = await call(graph, '/v1.0/$batch', { method: 'POST', body: { requests }, token })
  return { graph, answer, responses: (answer.json['responses'] ?? []) as readonly JsonObject[] }
}

test('a batch answers each of its requests by its id', async () => {
  const { answer, responses } = await batched({}, [
    get('sp', `/servicePrincipals/${buildPipeline.id}?$select=id`),
    get('gone', `servicePrincipals/${mailArchiver.id}`),
  ])
  expect(answer.status).toBe(200)
  expect(responses).toMatchObject([
    { id: 'sp', status: 200, body: { id: buildPipeline.id } },
    { id: 'gone', status: 404, body: { error: { code: 'Request_ResourceNotFound' } } },
  ])
})

test('each request of a batch needs its own permission', async () => {
  const principals = [principal(APP, ['Application.Read.All'], 'app')]
  const { responses } = await batched(
    { principals },
    [
      get('1', '/roleManagement/directory/roleAssignments'),
      get('2', `/servicePrincipals/${buildPipeline.id}`),
    ],
    'app',
  )
  expect(responses).toMatchObject([{ status: 403 }, { status: 200 }])
})

test('identity protection counts the requests of a batch one by one', async () => {
  const { graph, responses } = await batched({ throttled: true }, [get('1', history), get('2', history)])
  expect(responses).toMatchObject([
    { status: 200 },
    { status: 429, body: { error: { code: 'TooManyRequests' } } },
  ])
  expect(graph.log().map(({ target, status }) => `${target} ${status}`)).toEqual([
    `/v1.0${history} 200`,
    `/v1.0${history} 429`,
    '/v1.0/$batch 200',
  ])
  expect(new Set(graph.log().map(({ requestId }) => requestId)).size).toBe(1)
})

test('later members of enumerations are answered to the requests that ask for them', async () => {
  const { responses } = await batched({}, [
    get('asks', '/identityProtection/servicePrincipalRiskDetections?$top=1', {
      Prefer: 'include-unknown-enum-members',
    }),
    get('does not', '/identityProtection/servicePrincipalRiskDetections?$top=1'),
  ])
  expect(responses).toMatchObject([
    { body: { value: [{ activity: 'servicePrincipal' }] } },
    { body: { value: [{ activity: 'unknownFutureValue' }] } },
  ])
})

test.each([
  ['more than 20 requests', Array.from({ length: 21 }, (_, n) => get(String(n), '/organization'))],
  ['no request', []],
  ['an id twice', [get('1', '/organization'), get('1', '/organization')]],
  ['a request without an address', [{ id: '1', method: 'GET' }]],
])('a batch of %s is refused', async (_, requests) => {
  const { answer } = await batched({}, requests)
  expect(answer.status).toBe(400)
  expect(errorOf(answer)['code']).toBe('BadRequest')
})

test('only beta has the name of a publisher', async () => {
  const graph = await start()
  seed(graph.tenant)
  const path = `servicePrincipals/${SEEDED.telemetryRelay.id}`
  expect((await call(graph, `/beta/${path}?$select=publisherName`)).json).toEqual({
    publisherName: 'Northwind Telemetry',
  })
  expect((await call(graph, `/v1.0/${path}?$select=publisherName`)).status).toBe(400)
  expect((await call(graph, `/v1.0/${path}`)).json).not.toHaveProperty('publisherName')
})
