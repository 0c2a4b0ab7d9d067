import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type EmulatedGraph, startGraph } from '../../local/emulators/graph/graph.ts'
import { createLocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { trustingClient } from '../../shared/composition/trusting-client.ts'
import {
  type DiagnosticSetting,
  readDiagnosticSetting,
  settingProblem,
} from '../../shared/graph/diagnostic-setting.ts'
import { graphClient } from '../../shared/graph/graph-client.ts'

const ID = 'entra-risk-export'
const CATEGORIES = ['RiskyServicePrincipals', 'ServicePrincipalRiskEvents']
const RULE =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/EVHNS-risk/authorizationRules/diagnostics'

let graph: EmulatedGraph
let caPem = ''
beforeAll(async () => {
  const authority = await createLocalAuthority()
  ;({ caPem } = authority)
  graph = await startGraph({
    authority,
    principals: [
      {
        id: 'app',
        holds: (token) => token === 'app',
        permissions: ['microsoft.aadiam/diagnosticSettings/read'],
      },
      { id: 'other', holds: (token) => token === 'other', permissions: [] },
    ],
    nowMs: () => 0,
  })
})
afterAll(() => graph.stop())

const setting = (id: string, changes: object = {}, categories: readonly string[] = CATEGORIES) =>
  graph.tenant.put('diagnosticSettings', {
    id,
    name: id,
    properties: {
      eventHubAuthorizationRuleId: RULE,
      eventHubName: 'Entra-Risk',
      logs: categories.map((category) => ({ category, enabled: true })),
      ...changes,
    },
  })
const off = (category: string) => ({ category, enabled: false })

async function read(
  token = 'app',
  namespace = 'evhns-risk.servicebus.windows.net',
): Promise<DiagnosticSetting> {
  const client = graphClient({
    endpoint: graph.url,
    credential: { getToken: async () => ({ token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    httpClient: trustingClient(caPem),
    time: { now: () => 0, monotonicMs: () => 0, random: () => 0, sleep: async () => undefined },
  })
  const streamed = { namespace, hub: 'entra-risk', categories: CATEGORIES }
  return readDiagnosticSetting(client, streamed, new AbortController().signal)
}

describe("Entra's diagnostic setting", () => {
  beforeEach(() => setting(ID))

  it('streams to the hub, however the names are spelt', async () => {
    expect(await read()).toEqual({ state: 'streaming' })
  })

  it('may be two, each with a part of it', async () => {
    setting(ID, {}, ['riskyserviceprincipals'])
    setting('second', {}, ['serviceprincipalriskevents', 'SignInLogs'])
    expect(await read()).toEqual({ state: 'streaming' })
    setting('second', {}, [])
  })

  it.each([
    ['is deleted', {}, []],
    ['sends to another hub', { eventHubName: 'insights-logs' }, CATEGORIES],
    ['sends to a workspace only', { eventHubAuthorizationRuleId: null, eventHubName: null }, CATEGORIES],
    ['is no object', { logs: 'none' }, CATEGORIES],
    ['sends nothing', { logs: CATEGORIES.map(off) }, CATEGORIES],
  ])('is gone where it %s', async (_, changes, categories) => {
    setting(ID, changes, categories)
    expect(await read()).toEqual({ state: 'gone' })
  })

  it('is gone where the hub is in another namespace', async () => {
    expect(await read('app', 'evhns-risk-2.servicebus.windows.net')).toEqual({ state: 'gone' })
  })

  it('is incomplete without a category', async () => {
    setting(ID, {
      logs: [{ category: 'RiskyServicePrincipals', enabled: true }, off('ServicePrincipalRiskEvents')],
    })
    expect(await read()).toEqual({ state: 'incomplete', missing: ['ServicePrincipalRiskEvents'] })
  })

  it('is unknown to an app that may not read it', async () => {
    expect(await read('other')).toEqual({ state: 'unknown', fault: { kind: 'noPermission' } })
  })

  it('is unknown where Azure does not answer, or not with a list', async () => {
    graph.always({ kind: 'refuse', status: 503, headers: {}, body: '' })
    expect(await read()).toMatchObject({ state: 'unknown', fault: { kind: 'unavailable' } })
    graph.always({ kind: 'refuse', status: 200, headers: {}, body: '{}' })
    expect(await read()).toMatchObject({ state: 'unknown', fault: { code: 'noCollection' } })
    graph.always(undefined)
  })

  it('is a problem where something is known to be missing', () => {
    expect(settingProblem({ state: 'gone' })).toContain('nothing new arrives')
    expect(settingProblem({ state: 'incomplete', missing: ['A', 'B'] })).toContain('does not stream A, B.')
    for (const none of [
      undefined,
      { state: 'streaming' },
      { state: 'unknown', fault: { kind: 'noPermission' } },
    ] as const)
      expect(settingProblem(none)).toBeUndefined()
  })
})
