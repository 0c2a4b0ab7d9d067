import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SEEDED } from '../../../local/emulators/graph/seed-names.ts'
import type { GraphObject } from '../../../local/emulators/graph/tenant.ts'
import type { ContextSections } from '../../../shared/domain/identity-context.ts'
import type { JsonObject } from '../../../shared/encoding/json.ts'
import type { CollectedContext } from '../../../shared/graph/context/collect-context.ts'
import { recordOfContext } from '../../../shared/graph/context/context-record.ts'
import { type ContextWorld, contextWorld, NOW, subjectOf } from './context-world.ts'

const { buildPipeline, payrollApi, expenseAssistant, microsoftGraphId } = SEEDED
const guid = (n: number): string => `0d000000-0000-4000-8000-${String(n).padStart(12, '0')}`

async function collected(
  world: ContextWorld,
  identity: { readonly id: string } = payrollApi,
  subject: Parameters<ContextWorld['collect']>[1] = {},
): Promise<CollectedContext> {
  const context = await world.collect(identity, subject)
  if (context === 'unavailable') throw new Error('Graph is not available.')
  return context
}
const sections = async (...given: Parameters<typeof collected>): Promise<ContextSections> =>
  (await collected(...given)).sections

const times = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n))
const grant = (n: number, given: JsonObject): GraphObject => ({
  id: `grant-${n}`,
  clientId: payrollApi.id,
  consentType: 'Principal',
  principalId: guid(n),
  resourceId: microsoftGraphId,
  scope: 'User.Read',
  ...given,
})

describe('credentials', () => {
  const credential = (keyId: string, given: JsonObject = {}): JsonObject => ({
    keyId,
    startDateTime: '2026-09-16T12:00:00Z',
    endDateTime: '2026-09-17T12:00:00.0000001Z',
    ...given,
  })

  it('are old in whole days, and expired from their end on', async () => {
    const world = await contextWorld()
    world.graph.tenant.change('servicePrincipals', payrollApi.id, {
      passwordCredentials: [
        credential(guid(1)),
        credential(guid(2), { startDateTime: '2026-09-16T12:00:00.001Z' }),
        credential(guid(3), { startDateTime: null, endDateTime: null }),
        credential(guid(4), { startDateTime: '2027-01-01T00:00:00Z', endDateTime: '2028-01-01T00:00:00Z' }),
      ],
    })
    world.graph.tenant.change('applications', payrollApi.objectId, { passwordCredentials: [] })
    const { credentials } = await sections(world)
    expect(credentials).toMatchObject([
      { keyId: guid(3), expired: false },
      { keyId: guid(4), expired: false, ageDays: 0 },
      { keyId: guid(1), expired: true, ageDays: 1 },
      { keyId: guid(2), expired: true, ageDays: 0 },
    ])
    expect(Array.isArray(credentials) && credentials[0]).not.toHaveProperty('ageDays')
  })

  it('that a detection names come first, however the id is written', async () => {
    const world = await contextWorld()
    const namedKeyIds = [payrollApi.ownKeyId.toUpperCase()]
    const { credentials } = await sections(world, payrollApi, { namedKeyIds })
    expect(credentials).toMatchObject([
      { keyId: payrollApi.ownKeyId, on: 'application', namedByDetection: true },
      { keyId: payrollApi.addedKeyId, on: 'servicePrincipal', namedByDetection: false },
    ])
  })

  it('that only sign tokens are told from those that sign in', async () => {
    const world = await contextWorld()
    world.graph.tenant.change('servicePrincipals', payrollApi.id, {
      passwordCredentials: [],
      keyCredentials: [credential(guid(1), { usage: 'Sign' }), credential(guid(2), { usage: 'Verify' })],
    })
    const { credentials } = await sections(world)
    const signing = (credentials as readonly { keyId: string; signsTokens?: true }[]).filter(
      (one) => one.signsTokens,
    )
    expect(signing.map(({ keyId }) => keyId)).toEqual([guid(1)])
  })

  it('hold no secret, whatever Graph answers', async () => {
    const world = await contextWorld()
    const secret = fc.stringMatching(/^[A-Za-z0-9~._-]{12,40}$/).map((text) => `S3CRET${text}`)
    const held = fc.record({ secretText: secret, key: secret, hint: secret, customKeyIdentifier: secret })
    await fc.assert(
      fc.asyncProperty(fc.array(held, { minLength: 1, maxLength: 4 }), async (all) => {
        const credentials = all.map((one, n) => ({ ...credential(guid(n)), ...one }))
        const both = { passwordCredentials: credentials, keyCredentials: credentials }
        world.graph.tenant.change('servicePrincipals', payrollApi.id, both)
        world.graph.tenant.change('applications', payrollApi.objectId, both)
        const context = await collected(world)
        expect(context.sections.credentials).toHaveLength(all.length * 4)
        const record = JSON.stringify(recordOfContext(subjectOf(payrollApi.id), context, NOW))
        expect(record).not.toContain('S3CRET')
      }),
      { numRuns: 25 },
    )
  })
})

describe('owners and sponsors', () => {
  it('are ids, although the identity may read names', async () => {
    const world = await contextWorld({
      principals: [
        {
          id: 'app',
          holds: () => true,
          permissions: ['Application.Read.All', 'AgentIdentity.Read.All', 'User.ReadBasic.All'],
        },
      ],
    })
    const context = await collected(world, expenseAssistant, { type: 'agent' })
    expect(context.sections.owners).toEqual([{ on: 'servicePrincipal', id: SEEDED.inesVarga, type: 'user' }])
    expect(context.sections.sponsors).toEqual([
      { on: 'servicePrincipal', id: SEEDED.jonOkafor, type: 'user' },
    ])
    expect(JSON.stringify(context)).not.toMatch(/Ines|Jon|Okafor|Varga|halden\.example/)
  })

  it('are not those of an agent if it is none', async () => {
    const { sponsors } = await sections(await contextWorld(), payrollApi, { type: 'agent' })
    expect(sponsors).toEqual({ unknown: 'not an agent identity' })
  })
})

describe('permissions', () => {
  it('are listed once, however many users consented, the most powerful first', async () => {
    const world = await contextWorld()
    world.graph.tenant.put(
      'oauth2PermissionGrants',
      ...times(1200, (n) => grant(n, { scope: ' User.Read  Directory.ReadWrite.All ' })),
      grant(9999, { consentType: 'AllPrincipals', principalId: null }),
    )
    const { permissions, leftOut } = await sections(world)
    const all = 'granted' in permissions ? permissions.granted : []
    expect(all.map(({ permission, type, consent, tier }) => [permission, type, consent, tier])).toEqual([
      ['Directory.ReadWrite.All', 'delegated', 'principal', 0],
      ['User.Read.All', 'application', undefined, 2],
      ['User.Read', 'delegated', 'allPrincipals', 2],
      ['User.Read', 'delegated', 'principal', 2],
    ])
    expect(permissions).toMatchObject({ worst: { permission: 'Directory.ReadWrite.All' } })
    expect(permissions).not.toHaveProperty('notRead')
    expect(leftOut).toBeUndefined()
  })

  it('say so if there are too many to read', async () => {
    const world = await contextWorld()
    world.graph.tenant.put('oauth2PermissionGrants', ...times(5000, (n) => grant(n, {})))
    const { permissions } = await sections(world)
    expect(permissions).toMatchObject({ notRead: 'some delegated permissions: too many' })
  })

  it('of other APIs have no tier; roles and APIs that are gone keep their ids', async () => {
    const world = await contextWorld()
    const { tenant } = world.graph
    const api = guid(1)
    const role = guid(7)
    tenant.put('servicePrincipals', {
      id: api,
      appId: guid(2),
      displayName: 'Ledger',
      appRoles: [{ id: role, value: 'Directory.ReadWrite.All' }],
    })
    const assignment = (id: string, given: JsonObject): GraphObject => ({
      id,
      principalId: payrollApi.id,
      resourceDisplayName: null,
      ...given,
    })
    tenant.put(
      'appRoleAssignments',
      assignment('a', { resourceId: api, appRoleId: role }),
      assignment('b', { resourceId: api, appRoleId: guid(8) }),
      assignment('c', { resourceId: api, appRoleId: '00000000-0000-0000-0000-000000000000' }),
      assignment('d', { resourceId: guid(3), appRoleId: role, resourceDisplayName: 'Gone' }),
    )
    const { permissions } = await sections(world)
    const application = { type: 'application' }
    expect('granted' in permissions && permissions.granted.filter(({ tier }) => tier === undefined)).toEqual([
      { ...application, permission: role, resource: 'Gone' },
      { ...application, permission: guid(8), resource: 'Ledger' },
      { ...application, permission: 'Directory.ReadWrite.All', resource: 'Ledger' },
      { ...application, permission: 'default access', resource: 'Ledger' },
    ])
    expect(permissions).toMatchObject({ worst: { permission: 'User.Read.All', tier: 2 } })
  })
})

describe('the risk history', () => {
  it('holds the latest states, oldest first', async () => {
    const world = await contextWorld()
    for (const n of [9, ...times(40, (day) => day)])
      world.graph.tenant.putRisk({
        id: payrollApi.id,
        riskLevel: 'low',
        riskState: 'atRisk',
        riskDetail: `day ${n}`,
        riskLastUpdatedDateTime: new Date(NOW + n * 86_400_000).toISOString(),
      })
    const { riskHistory, leftOut } = await sections(world)
    const details = (riskHistory as readonly { detail?: string }[]).map(({ detail }) => detail)
    expect(details).toEqual(times(30, (n) => `day ${n + 10}`))
    expect(leftOut).toEqual({ riskHistory: 12 })
  })
})

describe('a context of everything that is too much', () => {
  it('tells how many are left out, and stays far below the size of a message', async () => {
    const world = await contextWorld()
    const { tenant } = world.graph
    const long = 'é'.repeat(2000)
    const people = times(40, (n) => ({ '@odata.type': '#microsoft.graph.user', id: guid(n) }))
    tenant.putChildren('owners', buildPipeline.id, ...people)
    tenant.putChildren(
      'federatedIdentityCredentials',
      buildPipeline.objectId,
      ...times(30, (n) => ({
        id: guid(n),
        name: long,
        issuer: long,
        subject: long,
        audiences: times(9, () => long),
      })),
    )
    tenant.change('servicePrincipals', buildPipeline.id, {
      displayName: long,
      passwordCredentials: times(60, (n) => ({ keyId: guid(n) })),
    })
    tenant.put(
      'oauth2PermissionGrants',
      grant(1, { clientId: buildPipeline.id, scope: times(150, (n) => `${n}${long}`).join(' ') }),
    )
    tenant.put(
      'roleAssignments',
      ...times(50, (n) => ({
        id: guid(n),
        principalId: buildPipeline.id,
        roleDefinitionId: long,
        directoryScopeId: long,
      })),
    )
    const context = await collected(world, buildPipeline)
    expect(context.sections.leftOut).toEqual({
      owners: 12,
      credentials: 12,
      federatedCredentials: 11,
      permissions: 52,
      directoryRoles: 21,
    })
    const record = JSON.stringify(recordOfContext(subjectOf(buildPipeline.id), context, NOW))
    // A hub takes messages of up to 1 MB, of 256 kB in its cheapest tier.
    expect(Buffer.byteLength(record)).toBeLessThan(256_000)
  })
})
