import { ManagedIdentityCredential } from '@azure/identity'
import { expect, test, vi } from 'vitest'
import { startManagedIdentity } from '../../../../local/emulators/managed-identity/managed-identity.ts'
import {
  ALL_PERMISSIONS,
  APP,
  call,
  errorOf,
  NOW_MS,
  OPERATOR,
  principal,
  start,
} from './graph-under-test.ts'

const SP_DETECTIONS = '/v1.0/identityProtection/servicePrincipalRiskDetections'
const RISKY = '/v1.0/identityProtection/riskyServicePrincipals'
const AGENTS = '/beta/identityProtection/riskyAgents'
const AGENT_DETECTIONS = '/beta/identityProtection/agentRiskDetections'

test('a managed identity is let in by its token for Microsoft Graph, until it expires', async () => {
  let now = NOW_MS
  const identity = await startManagedIdentity({
    header: 'shown-by-the-app',
    nowMs: () => now,
    tokenLifetimeMs: 365 * 86_400_000,
  })
  try {
    vi.stubEnv('IDENTITY_ENDPOINT', identity.url)
    vi.stubEnv('IDENTITY_HEADER', identity.header)
    now = Date.now()
    const credential = new ManagedIdentityCredential()
    const { token } = await credential.getToken('https://graph.microsoft.com/.default')
    const { token: other } = await credential.getToken('https://monitor.azure.com/.default')
    const graph = await start({
      principals: [
        {
          id: APP,
          permissions: ['IdentityRiskEvent.Read.All'],
          holds: (given) => identity.isValid(given, 'https://graph.microsoft.com'),
        },
      ],
    })
    expect((await call(graph, SP_DETECTIONS, { token })).status).toBe(200)
    expect((await call(graph, SP_DETECTIONS, { token: other })).status).toBe(401)
    now += 366 * 86_400_000
    expect((await call(graph, SP_DETECTIONS, { token })).status).toBe(401)
  } finally {
    vi.unstubAllEnvs()
    await identity.stop()
  }
})

test('no token and an unknown token get 401 with the code of the service', async () => {
  const graph = await start()
  for (const [token, message] of [
    ['', 'Access token is empty.'],
    ['of nobody', 'Access token validation failure.'],
  ] as const) {
    const answer = await call(graph, SP_DETECTIONS, { token })
    expect(answer.status).toBe(401)
    expect(errorOf(answer)).toMatchObject({ code: 'InvalidAuthenticationToken', message })
  }
})

test.each([
  [SP_DETECTIONS, 'IdentityRiskEvent.Read.All'],
  [RISKY, 'IdentityRiskyServicePrincipal.Read.All'],
  [AGENTS, 'IdentityRiskyAgent.Read.All'],
  [AGENT_DETECTIONS, 'IdentityRiskEvent.Read.All'],
])('%s needs %s and nothing else', async (address, permission) => {
  const others = ['IdentityRiskEvent', 'IdentityRiskyServicePrincipal', 'IdentityRiskyAgent', 'Application']
    .map((name) => `${name}.Read.All`)
    .filter((name) => name !== permission)
  const graph = await start({ principals: [principal(APP, others, 'app')] })
  const refused = await call(graph, address, { token: 'app' })
  expect(refused.status).toBe(403)
  expect(errorOf(refused)).toMatchObject({
    code: 'Forbidden',
    message: 'You cannot perform the requested operation, required scopes are missing in the token.',
  })
  graph.permit(APP, [permission])
  expect((await call(graph, address, { token: 'app' })).status).toBe(200)
})

test('each half of identity protection needs a licence of its own', async () => {
  const graph = await start({ licences: ['entraIdP2'] })
  const unlicensed = await call(graph, RISKY)
  expect(unlicensed.status).toBe(403)
  expect(errorOf(unlicensed)).toMatchObject({
    code: 'Forbidden',
    message: 'Your tenant is not licensed for this feature.',
  })
  expect((await call(graph, AGENTS)).status).toBe(200)
  graph.license(['workloadIdentitiesPremium'])
  expect((await call(graph, RISKY)).status).toBe(200)
  expect((await call(graph, AGENTS)).status).toBe(403)
})

test('identity protection takes one request a second of all callers, and does not say how long to wait', async () => {
  let now = NOW_MS
  const graph = await start({
    throttled: true,
    nowMs: () => now,
    principals: [principal(OPERATOR, ALL_PERMISSIONS, 'all'), principal(APP, ALL_PERMISSIONS, 'app')],
  })
  expect((await call(graph, SP_DETECTIONS)).status).toBe(200)
  now += 999
  const refused = await call(graph, AGENTS, { token: 'app' })
  expect(refused.status).toBe(429)
  expect(refused.headers).not.toHaveProperty('retry-after')
  expect(errorOf(refused)).toMatchObject({ code: 'TooManyRequests' })
  now += 1
  expect((await call(graph, AGENTS, { token: 'app' })).status).toBe(200)
  expect((await call(graph, RISKY)).status).toBe(429)
  graph.throttle(false)
  expect((await call(graph, RISKY)).status).toBe(200)
})

test('errors and answers name the request, by the service and by the client', async () => {
  const graph = await start()
  const headers = { 'client-request-id': '11111111-2222-4333-8444-555555555555' }
  const refused = await call(graph, `${RISKY}?$top=0`, { headers })
  expect(errorOf(refused)['innerError']).toEqual({
    date: '2026-03-01T12:00:00',
    'request-id': refused.headers['request-id'],
    'client-request-id': headers['client-request-id'],
  })
  const answered = await call(graph, RISKY, { headers })
  expect(answered.headers['client-request-id']).toBe(headers['client-request-id'])
  expect(answered.headers['request-id']).not.toBe(refused.headers['request-id'])
})

test('the log has every request with its principal and answer, and no token', async () => {
  const graph = await start()
  await call(graph, `${RISKY}?$top=5`)
  await call(graph, RISKY, { token: 'app', headers: { prefer: 'include-unknown-enum-members' } })
  await call(graph, '/v1.0/me', { token: 'of nobody' })
  expect(graph.log()).toMatchObject([
    {
      method: 'GET',
      target: `${RISKY}?$top=5`,
      status: 200,
      principalId: OPERATOR,
      knowsLaterMembers: false,
    },
    { method: 'GET', target: RISKY, status: 403, principalId: APP, knowsLaterMembers: true },
    { method: 'GET', target: '/v1.0/me', status: 401, principalId: undefined },
  ])
  expect(JSON.stringify(graph.log())).not.toContain('of nobody')
  graph.clearLog()
  expect(graph.log()).toEqual([])
})

test('an address that the service does not have is a bad request', async () => {
  const graph = await start()
  for (const address of ['/v1.0/identityProtection/riskySomethings', '/v2.0/organization', '/'])
    expect((await call(graph, address)).status).toBe(400)
})

test('it misbehaves by script, like every receiver', async () => {
  const graph = await start()
  graph.script({ kind: 'refuse', status: 503, headers: { 'retry-after': '7' }, body: '' })
  const refused = await call(graph, RISKY)
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '7'])
  graph.script({ kind: 'resetBeforeStoring' })
  await expect(call(graph, RISKY)).rejects.toThrow(/socket hang up|ECONNRESET/)
})
