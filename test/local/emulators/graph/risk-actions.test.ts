import { expect, test } from 'vitest'
import type { EmulatedGraph } from '../../../../local/emulators/graph/graph.ts'
import { seed } from '../../../../local/emulators/graph/seed.ts'
import { SEEDED } from '../../../../local/emulators/graph/seed-names.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'
import {
  APP,
  call,
  errorOf,
  type GraphAnswer,
  LATER_MEMBERS,
  OPERATOR,
  objectsOf,
  principal,
  start,
} from './graph-under-test.ts'

const V1 = '/v1.0/identityProtection'
const BETA = '/beta/identityProtection'
const NOW = '2026-03-01T12:00:00.0004321Z'
const { buildPipeline, payrollApi, microsoftGraphId, expenseAssistant } = SEEDED

const act = (graph: EmulatedGraph, address: string, body: JsonObject, token = 'all'): Promise<GraphAnswer> =>
  call(graph, address, { method: 'POST', body, token })

const read = async (graph: EmulatedGraph, address: string): Promise<JsonObject> =>
  (await call(graph, address, { headers: LATER_MEMBERS })).json

const list = async (graph: EmulatedGraph, address: string): Promise<readonly JsonObject[]> =>
  objectsOf(await call(graph, address, { headers: LATER_MEMBERS }))

async function seeded(): Promise<EmulatedGraph> {
  const graph = await start()
  seed(graph.tenant)
  return graph
}

test('a confirmed principal is at high risk, and reads say who confirmed it and how', async () => {
  const graph = await seeded()
  const answer = await act(graph, `${V1}/riskyServicePrincipals/confirmCompromised`, {
    servicePrincipalIds: [payrollApi.id],
  })
  expect([answer.status, answer.body]).toEqual([204, ''])

  const confirmed = {
    riskLevel: 'high',
    riskState: 'confirmedCompromised',
    riskDetail: 'adminConfirmedServicePrincipalCompromised',
  }
  expect(await read(graph, `${V1}/riskyServicePrincipals/${payrollApi.id}`)).toMatchObject({
    ...confirmed,
    displayName: 'payroll-api',
    riskLastUpdatedDateTime: NOW,
  })
  const history = await list(graph, `${V1}/riskyServicePrincipals/${payrollApi.id}/history`)
  expect(history).toMatchObject([
    { riskState: 'atRisk', activity: null, initiatedBy: null },
    {
      ...confirmed,
      initiatedBy: OPERATOR,
      activity: { detail: confirmed.riskDetail, riskEventTypes: [confirmed.riskDetail] },
    },
  ])
  expect(new Set(history.map(({ id }) => id)).size).toBe(2)

  const ofPayroll = `${V1}/servicePrincipalRiskDetections?$filter=servicePrincipalId eq '${payrollApi.id}'`
  const bare = { riskEventType: 'adminConfirmedServicePrincipalCompromised', riskLevel: 'high', source: null }
  expect(await list(graph, ofPayroll)).toMatchObject([
    { riskEventType: 'anomalousServicePrincipalActivity', riskState: 'confirmedCompromised' },
    { ...bare, servicePrincipalDisplayName: null, lastUpdatedDateTime: NOW },
  ])
  graph.tenant.enrich()
  expect(await list(graph, ofPayroll)).toMatchObject([
    {},
    { servicePrincipalDisplayName: 'payroll-api', source: 'IdentityProtection', lastUpdatedDateTime: NOW },
  ])
})

test('a principal without any risk can be confirmed, and then is a risky one', async () => {
  const graph = await seeded()
  const address = `${V1}/riskyServicePrincipals/${microsoftGraphId}`
  expect((await call(graph, address)).status).toBe(404)
  await act(graph, `${V1}/riskyServicePrincipals/confirmCompromised`, {
    servicePrincipalIds: [microsoftGraphId],
  })
  expect(await read(graph, address)).toMatchObject({ displayName: 'Microsoft Graph', riskLevel: 'high' })
})

test('a dismissed principal has no risk left, nor have its detections', async () => {
  const graph = await seeded()
  const answer = await act(graph, `${V1}/riskyServicePrincipals/dismiss`, {
    servicePrincipalIds: [buildPipeline.id],
  })
  expect(answer.status).toBe(204)
  const dismissed = { riskState: 'dismissed', riskDetail: 'adminDismissedAllRiskForServicePrincipal' }
  expect(await read(graph, `${V1}/riskyServicePrincipals/${buildPipeline.id}`)).toMatchObject({
    ...dismissed,
    riskLevel: 'none',
  })
  const ofPipeline = `${V1}/servicePrincipalRiskDetections?$filter=servicePrincipalId eq '${buildPipeline.id}'`
  expect(await list(graph, ofPipeline)).toMatchObject([{ ...dismissed, lastUpdatedDateTime: NOW }])
})

test.each([
  ['confirmCompromised', 'high', 'confirmedCompromised', 'adminConfirmedAgentCompromised', 2],
  ['confirmSafe', 'none', 'confirmedSafe', 'adminConfirmedAgentSafe', 1],
  ['dismiss', 'none', 'dismissed', 'adminDismissedRiskForAgent', 1],
])('%s of an agent shows in what reads say', async (action, riskLevel, riskState, riskDetail, detections) => {
  const graph = await seeded()
  const body = { agentIds: [expenseAssistant.id] }
  expect((await act(graph, `${BETA}/riskyAgents/${action}`, body)).status).toBe(204)
  expect(await list(graph, `${BETA}/riskyAgents`)).toMatchObject([
    { riskLevel, riskState, riskDetail, riskLastModifiedDateTime: NOW },
  ])
  const seen = await list(graph, `${BETA}/agentRiskDetections`)
  expect(seen).toHaveLength(detections)
  expect(seen[0]).toMatchObject({ riskState, riskDetail, lastModifiedDateTime: NOW })
  expect(seen.slice(1).every((d) => d['riskEventType'] === 'adminConfirmedAgentCompromised')).toBe(true)
})

test('an action takes at most 60 ids', async () => {
  const graph = await start()
  const ids = Array.from({ length: 61 }, (_, n) => `sp-${n}`)
  for (const id of ids) graph.tenant.put('riskyServicePrincipals', { id, riskState: 'atRisk' })
  const dismiss = (servicePrincipalIds: readonly string[]) =>
    act(graph, `${V1}/riskyServicePrincipals/dismiss`, { servicePrincipalIds })
  expect((await dismiss(ids)).status).toBe(400)
  expect((await dismiss(ids.slice(1))).status).toBe(204)
  expect(graph.tenant.all('riskyServicePrincipals').map(({ riskState }) => riskState)).toEqual([
    'atRisk',
    ...ids.slice(1).map(() => 'dismissed'),
  ])
})

test.each([
  [{}, 400],
  [{ servicePrincipalIds: [] }, 400],
  [{ servicePrincipalIds: [1] }, 400],
  [{ servicePrincipalIds: 'sp' }, 400],
  [{ servicePrincipalIds: [buildPipeline.id, 'nobody'] }, 404],
])('an action with the body %j gets %i and changes nothing', async (body: JsonObject, status) => {
  const graph = await seeded()
  const before = graph.tenant.all('riskyServicePrincipals')
  expect((await act(graph, `${V1}/riskyServicePrincipals/confirmCompromised`, body)).status).toBe(status)
  expect(graph.tenant.all('riskyServicePrincipals')).toEqual(before)
})

test('who may read risk may not decide about it', async () => {
  const readers = ['IdentityRiskyServicePrincipal.Read.All', 'IdentityRiskyAgent.Read.All']
  const graph = await start({ principals: [principal(APP, readers, 'app')] })
  seed(graph.tenant)
  for (const [address, body] of [
    [`${V1}/riskyServicePrincipals/dismiss`, { servicePrincipalIds: [buildPipeline.id] }],
    [`${BETA}/riskyAgents/confirmSafe`, { agentIds: [expenseAssistant.id] }],
  ] as const) {
    const refused = await act(graph, address, body, 'app')
    expect(refused.status).toBe(403)
    expect(errorOf(refused)).toMatchObject({ code: 'Forbidden' })
  }
  expect(graph.log().map(({ method, status }) => `${method} ${status}`)).toEqual(['POST 403', 'POST 403'])
})
