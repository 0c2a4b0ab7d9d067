import { describe, expect, it } from 'vitest'
import { SEEDED } from '../../../local/emulators/graph/seed-names.ts'
import type { ContextSections } from '../../../shared/domain/identity-context.ts'
import { collectContext } from '../../../shared/graph/context/collect-context.ts'
import { PolicyCache } from '../../../shared/graph/context/policy-cache.ts'
import { type ContextWorld, contextWorld, NOW, READ_PERMISSIONS, subjectOf } from './context-world.ts'

const { buildPipeline, payrollApi, telemetryRelay, expenseAssistant, mailArchiver } = SEEDED
const never = new AbortController().signal

async function sections(
  world: ContextWorld,
  identity: { readonly id: string },
  subject: Parameters<ContextWorld['collect']>[1] = {},
): Promise<ContextSections> {
  const collected = await world.collect(identity, subject)
  if (collected === 'unavailable') throw new Error('Graph is not available.')
  return collected.sections
}

/** Sections that each permission is for; `principal` decides who is eligible for policies. */
const FOR = {
  'Application.Read.All': [
    'principal',
    'owners',
    'credentials',
    'federatedCredentials',
    'permissions',
    'conditionalAccess',
  ],
  'AgentIdentity.Read.All': ['sponsors'],
  'DelegatedPermissionGrant.Read.All': ['permissions'],
  'IdentityRiskyAgent.Read.All': ['riskHistory'],
  'IdentityRiskyServicePrincipal.Read.All': ['riskHistory'],
  'Policy.Read.All': ['conditionalAccess'],
  'RoleManagement.Read.Directory': ['directoryRoles'],
} as const satisfies Record<(typeof READ_PERMISSIONS)[number], readonly (keyof ContextSections)[]>

const AGENT = { type: 'agent', level: 'medium' } as const

describe('a permission that is missing', () => {
  const cases = READ_PERMISSIONS.flatMap((permission) => [
    { permission, who: 'a service principal', identity: buildPipeline, subject: {} },
    { permission, who: 'an agent', identity: expenseAssistant, subject: AGENT },
  ])
  it.each(cases)(
    'changes only its own sections: $permission, $who',
    async ({ permission, identity, subject }) => {
      const world = await contextWorld()
      const whole = await sections(world, identity, subject)
      world.permit(READ_PERMISSIONS.filter((name) => name !== permission))
      world.graph.license(['workloadIdentitiesPremium', 'entraIdP2'])
      const fresh = { ...world, policies: new PolicyCache() }
      const collected = await collectContext(
        world.client,
        subjectOf(identity.id, subject),
        NOW,
        fresh.policies,
        never,
      )
      if (collected === 'unavailable') throw new Error('Graph is not available.')
      const { sections: less } = collected
      const changed = Object.keys(whole).filter(
        (name) =>
          JSON.stringify(whole[name as keyof ContextSections]) !==
          JSON.stringify(less[name as keyof ContextSections]),
      )
      const own: readonly string[] = FOR[permission]
      expect(own).toEqual(expect.arrayContaining(changed))
      const isRead = !(
        (permission === 'AgentIdentity.Read.All' && identity === buildPipeline) ||
        (permission === 'IdentityRiskyAgent.Read.All' && identity === buildPipeline) ||
        (permission === 'IdentityRiskyServicePrincipal.Read.All' && identity === expenseAssistant)
      )
      expect(changed.length > 0).toBe(isRead)
      for (const name of changed)
        expect(JSON.stringify(less[name as keyof ContextSections])).toContain(`needs ${permission}`)
    },
  )

  it('for delegated permissions leaves the application permissions, and says so', async () => {
    const world = await contextWorld()
    world.permit(READ_PERMISSIONS.filter((name) => name !== 'DelegatedPermissionGrant.Read.All'))
    const { permissions } = await sections(world, buildPipeline)
    expect(permissions).toMatchObject({
      worst: { permission: 'AppRoleAssignment.ReadWrite.All', tier: 0 },
      notRead: 'delegated permissions: needs DelegatedPermissionGrant.Read.All',
    })
  })
})

describe('a licence that is missing', () => {
  it.each([
    [buildPipeline, {}, 'needs Microsoft Entra Workload ID Premium'],
    [expenseAssistant, AGENT, 'needs Microsoft Entra ID P2, or Microsoft Agent 365'],
  ] as const)('is named, and changes only the risk history', async (identity, subject, unknown) => {
    const world = await contextWorld({ licences: [] })
    const { riskHistory, ...others } = await sections(world, identity, subject)
    expect(riskHistory).toEqual({ unknown })
    expect(JSON.stringify(others)).not.toContain('unknown')
  })
})

describe('a context', () => {
  it('is unavailable while Graph is busy or down, or does not accept the token', async () => {
    const world = await contextWorld()
    world.graph.always({ kind: 'refuse', status: 503, headers: {}, body: '' })
    expect(await world.collect(buildPipeline)).toBe('unavailable')
    world.graph.always({ kind: 'refuse', status: 401, headers: {}, body: '' })
    expect(await world.collect(buildPipeline)).toBe('unavailable')
    world.graph.always({ kind: 'refuse', status: 200, headers: {}, body: 'not JSON' })
    expect(await world.collect(buildPipeline)).toBe('unavailable')
    world.graph.always(undefined)
    expect(await world.collect(buildPipeline)).not.toBe('unavailable')
  })

  it('ends with its signal', async () => {
    const { client, policies } = await contextWorld()
    const ended = collectContext(client, subjectOf(buildPipeline.id), NOW, policies, AbortSignal.abort())
    expect(await ended).toBe('unavailable')
  })

  it('takes two requests, and four for the first identity', async () => {
    const world = await contextWorld()
    const kinds = [
      [buildPipeline, {}],
      [payrollApi, {}],
      [telemetryRelay, {}],
      [mailArchiver, {}],
      [expenseAssistant, AGENT],
      [expenseAssistant, AGENT],
    ] as const
    const counts: number[] = []
    for (const [identity, subject] of kinds) {
      await sections(world, identity, subject)
      counts.push(world.requests())
    }
    expect(counts).toEqual([3, 2, 2, 1, 4, 3])
  })

  it('is read by the clock of identity protection: some two seconds each', async () => {
    const world = await contextWorld()
    await sections(world, buildPipeline)
    const before = world.elapsedMs()
    for (let n = 0; n < 20; n += 1) await sections(world, payrollApi)
    expect((world.elapsedMs() - before) / 20).toBe(2200)
  })

  it('reads policies anew after 15 minutes', async () => {
    const { client, graph, policies } = await contextWorld()
    const reads = () => graph.log().filter(({ target }) => target.includes('conditionalAccess')).length
    const at = async (minutes: number) => {
      const now = NOW + minutes * 60_000
      await collectContext(client, subjectOf(payrollApi.id), now as typeof NOW, policies, never)
      return reads()
    }
    expect([await at(0), await at(14), await at(15.1)]).toEqual([1, 1, 2])
  })

  it('does not ask for sponsors of a blueprint as if it were an agent identity', async () => {
    const world = await contextWorld()
    world.graph.tenant.change('servicePrincipals', expenseAssistant.id, {
      '@odata.type': '#microsoft.graph.agentIdentityBlueprintPrincipal',
    })
    const read = await sections(world, expenseAssistant, AGENT)
    expect(read.conditionalAccess).toMatchObject({ coverage: 'notEligible' })
    const asked = world.graph.log().map(({ target }) => target)
    expect(asked.some((target) => target.includes('agentIdentityBlueprintPrincipal/sponsors'))).toBe(true)
    expect(read.sponsors).toMatchObject([{ id: SEEDED.jonOkafor }])
  })

  it('survives what Graph refuses: the section says so', async () => {
    const world = await contextWorld()
    const { directoryRoles } = await sections(world, { id: "not'an id" })
    expect(directoryRoles).toEqual([])
  })
})
