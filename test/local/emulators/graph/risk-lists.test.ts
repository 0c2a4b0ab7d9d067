import { expect, test } from 'vitest'
import type { EmulatedGraph } from '../../../../local/emulators/graph/graph.ts'
import {
  agentRiskDetection,
  riskDetection,
  riskyAgent,
  riskyServicePrincipal,
} from '../../../../local/emulators/graph/risk-objects.ts'
import { call, errorOf, idsOf, LATER_MEMBERS, nextOf, objectsOf, start } from './graph-under-test.ts'

const DETECTIONS = '/v1.0/identityProtection/servicePrincipalRiskDetections'
const RISKY = '/v1.0/identityProtection/riskyServicePrincipals'

function fill({ tenant }: EmulatedGraph, count: number): readonly string[] {
  const ids = Array.from({ length: count }, (_, n) => `detection-${n}`)
  for (const id of ids)
    tenant.put('servicePrincipalRiskDetections', riskDetection({ id, servicePrincipalId: 'sp-1' }))
  return ids
}

test('a list comes in pages, and their links lead through all of it once', async () => {
  const graph = await start({ pageSize: 3 })
  const ids = fill(graph, 7)
  const seen: unknown[] = []
  let sizes = ''
  for (let address: string | undefined = DETECTIONS; address !== undefined; ) {
    const answer = await call(graph, address)
    expect(answer.status).toBe(200)
    seen.push(...idsOf(answer))
    sizes += objectsOf(answer).length
    address = nextOf(answer)
  }
  expect(seen).toEqual(ids)
  expect(sizes).toBe('331')
})

test('the next link keeps size, filter and selection of the page', async () => {
  const graph = await start()
  fill(graph, 5)
  graph.tenant.change('servicePrincipalRiskDetections', 'detection-1', { riskLevel: 'low' })
  const query = `?$top=2&$filter=riskLevel eq 'high'&$select=id,riskLevel`
  const first = await call(graph, `${DETECTIONS}${query}`)
  expect(objectsOf(first)).toEqual([
    { id: 'detection-0', riskLevel: 'high' },
    { id: 'detection-2', riskLevel: 'high' },
  ])
  const second = await call(graph, nextOf(first) ?? '')
  expect(objectsOf(second)).toEqual([
    { id: 'detection-3', riskLevel: 'high' },
    { id: 'detection-4', riskLevel: 'high' },
  ])
  expect(second.json).not.toHaveProperty('@odata.nextLink')
})

test.each([
  ['$top=0', 400],
  ['$top=501', 400],
  ['$top=many', 400],
  ['$top=1', 200],
  ['$top=500', 200],
  ['$skip=1', 400],
  ['$orderby=id', 400],
  ['$count=true', 400],
  ['$select=id,tenantId', 400],
  ['$skiptoken=made-up', 400],
])('a list of detections asked with %s gets %i', async (query, status) => {
  const graph = await start()
  const answer = await call(graph, `${DETECTIONS}?${query}`)
  expect(answer.status).toBe(status)
  expect(errorOf(answer)['code']).toBe(status === 400 ? 'BadRequest' : undefined)
})

test.each([
  ["requestId eq 'r-1'", ['a']],
  ["servicePrincipalId eq 'sp-2'", ['b', 'c']],
  ["riskEventType eq 'leakedCredentials' or riskLevel eq 'medium'", ['a', 'b']],
  ["servicePrincipalId eq 'sp-2' and riskLevel eq 'low'", ['c']],
  ["servicePrincipalId eq 'sp-1' or servicePrincipalId eq 'sp-2' and riskLevel eq 'low'", ['a', 'c']],
  ["(servicePrincipalId eq 'sp-1' or servicePrincipalId eq 'sp-2') and riskLevel eq 'low'", ['c']],
  ["requestId eq 'it''s'", []],
])('the filter %s selects what it says', async (filter, expected) => {
  const graph = await start()
  graph.tenant.put(
    'servicePrincipalRiskDetections',
    riskDetection({ id: 'a', servicePrincipalId: 'sp-1', requestId: 'r-1' }),
    riskDetection({ id: 'b', servicePrincipalId: 'sp-2', riskLevel: 'medium', riskEventType: 'generic' }),
    riskDetection({ id: 'c', servicePrincipalId: 'sp-2', riskLevel: 'low', riskEventType: 'generic' }),
  )
  expect(idsOf(await call(graph, `${DETECTIONS}?$filter=${filter}`))).toEqual(expected)
})

test.each([
  ['detectedDateTime ge 2026-01-01T00:00:00Z', 'not supported on property'],
  ["riskLevel ne 'none'", 'not supported on property'],
  ["startsWith(servicePrincipalId,'sp')", 'not supported on property'],
  ["tenantId eq 'x'", 'Could not find a property'],
  ["riskLevel eq 'high", 'unterminated'],
  ["(riskLevel eq 'high'", "')' expected"],
  ["riskLevel eq 'high' riskLevel", 'Syntax error'],
  ["riskLevel is 'high'", 'Syntax error'],
  ['riskLevel eq', 'A value is expected'],
])('the filter %s, which is not documented, is refused', async (filter, message) => {
  const graph = await start()
  fill(graph, 1)
  const answer = await call(graph, `${DETECTIONS}?$filter=${filter}`)
  expect(answer.status).toBe(400)
  expect(errorOf(answer)['message']).toContain(message)
})

test('risky service principals are filtered by level, id and the exact time of their last update', async () => {
  const graph = await start()
  graph.tenant.put(
    'riskyServicePrincipals',
    riskyServicePrincipal({ id: 'a', riskLastUpdatedDateTime: '2026-02-27T09:15:22.7000001Z' }),
    riskyServicePrincipal({ id: 'b', riskLastUpdatedDateTime: '2026-02-27T09:15:22.7Z', riskLevel: 'low' }),
  )
  const ask = async (filter: string) => idsOf(await call(graph, `${RISKY}?$filter=${filter}`))
  expect(await ask("riskLevel eq 'low'")).toEqual(['b'])
  expect(await ask("id eq 'a'")).toEqual(['a'])
  expect(await ask('riskLastUpdatedDateTime eq 2026-02-27T09:15:22.7000000Z')).toEqual(['b'])
  expect((await call(graph, `${RISKY}?$count=true&$top=1`)).json).toMatchObject({ '@odata.count': 2 })
})

test('agents are filtered by time and by the start of a name, and exist in beta alone', async () => {
  const graph = await start()
  graph.tenant.put(
    'agentRiskDetections',
    agentRiskDetection({
      id: 'd1',
      agentId: 'agent-1',
      lastModifiedDateTime: '2026-02-27T11:30:05.1234567Z',
    }),
    agentRiskDetection({ id: 'd2', agentId: 'agent-2', lastModifiedDateTime: '2026-02-28T11:30:05Z' }),
  )
  graph.tenant.put('riskyAgents', riskyAgent({ id: 'agent-1', agentDisplayName: 'Invoice agent' }))
  const ask = async (address: string) => idsOf(await call(graph, `/beta/identityProtection/${address}`))
  expect(await ask('agentRiskDetections?$filter=lastModifiedDateTime ge 2026-02-28T00:00:00Z')).toEqual([
    'd2',
  ])
  expect(
    await ask('agentRiskDetections?$filter=lastModifiedDateTime le 2026-02-27T11:30:05.1234567Z'),
  ).toEqual(['d1'])
  expect(await ask("riskyAgents?$filter=startsWith(agentDisplayName,'invoice')")).toEqual(['agent-1'])
  for (const set of ['riskyAgents', 'agentRiskDetections'])
    expect((await call(graph, `/v1.0/identityProtection/${set}`)).status).toBe(400)
})

test('members that enumerations got later need the Prefer header', async () => {
  const graph = await start()
  graph.tenant.put(
    'servicePrincipalRiskDetections',
    riskDetection({
      id: 'a',
      servicePrincipalId: 'sp-1',
      riskDetail: 'adminConfirmedServicePrincipalCompromised',
      tokenIssuerType: 'NPSExtension',
    }),
    riskDetection({ id: 'b', servicePrincipalId: 'sp-1', activity: 'signin', riskDetail: 'hidden' }),
  )
  graph.tenant.put('riskyAgents', riskyAgent({ id: 'c', identityType: 'agentIdentityBlueprintPrincipal' }))
  const agents = '/beta/identityProtection/riskyAgents'

  expect(objectsOf(await call(graph, DETECTIONS))).toMatchObject([
    {
      activity: 'unknownFutureValue',
      riskDetail: 'unknownFutureValue',
      tokenIssuerType: 'UnknownFutureValue',
    },
    { activity: 'signin', riskDetail: 'hidden', tokenIssuerType: 'AzureAD' },
  ])
  expect(objectsOf(await call(graph, agents))).toMatchObject([{ identityType: 'unknownFutureValue' }])

  expect(objectsOf(await call(graph, DETECTIONS, { headers: LATER_MEMBERS }))).toMatchObject([
    {
      activity: 'servicePrincipal',
      riskDetail: 'adminConfirmedServicePrincipalCompromised',
      tokenIssuerType: 'NPSExtension',
    },
    { activity: 'signin', riskDetail: 'hidden', tokenIssuerType: 'AzureAD' },
  ])
  expect(objectsOf(await call(graph, agents, { headers: LATER_MEMBERS }))).toMatchObject([
    { identityType: 'agentIdentityBlueprintPrincipal' },
  ])
})

test('one object is read by its id, and an unknown id is not found', async () => {
  const graph = await start()
  fill(graph, 1)
  expect((await call(graph, `${DETECTIONS}/detection-0?$select=id`)).json).toEqual({ id: 'detection-0' })
  expect((await call(graph, `${DETECTIONS}/other`)).status).toBe(404)
  expect((await call(graph, `${RISKY}/other/history`)).status).toBe(404)
})

test('a detection is enriched later under the same last update', async () => {
  const graph = await start()
  const known = riskDetection({
    id: 'a',
    servicePrincipalId: 'sp-1',
    servicePrincipalDisplayName: 'Payroll',
    appId: 'app-1',
    additionalInfo: '[{"Key":"mitreTechniques","Value":"T1078"}]',
  })
  graph.tenant.putUnenriched(known)
  const read = async () => (await call(graph, `${DETECTIONS}/a`, { headers: LATER_MEMBERS })).json
  expect(await read()).toEqual({
    ...known,
    source: null,
    detectionTimingType: 'notDefined',
    servicePrincipalDisplayName: null,
    appId: null,
    additionalInfo: '[]',
  })
  graph.tenant.enrich()
  expect(await read()).toEqual(known)
})
