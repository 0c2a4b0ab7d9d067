import { describe, expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { runScript, type ScriptRun } from '../../../support/run-script.ts'

const WORKSPACE =
  '/subscriptions/00000000-0000-4000-8000-00000000005b/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc'
const rules = new SentinelContent('infra/sentinel').rules().map(({ value }) => value)

interface World {
  readonly rules: readonly {
    readonly name: string
    readonly kind?: string
    readonly properties: Readonly<Record<string, unknown>>
  }[]
  readonly assigned: readonly object[]
  readonly roles: readonly (readonly string[])[]
}

function run(script: string, args: readonly string[], world: object) {
  const before: World = { rules: [], assigned: [], roles: [], ...world }
  return runScript(script, ['--workspace', WORKSPACE, ...args], {
    azure: 'workspace',
    world: before,
  }) as ScriptRun & { readonly world: World }
}

describe('create-rules', { timeout: 60_000 }, () => {
  const create = (args: readonly string[], world: object) =>
    run('infra/sentinel/create-rules.mjs', args, world)

  it('creates each rule that is not there, and leaves alone what a SOC has changed', () => {
    const [first, second, third] = rules
    const ours = [
      { name: first?.id, properties: { displayName: 'Renamed here', severity: 'Low' } },
      { name: 'e0000000-0000-4000-8000-00000000000e', properties: { alertRuleTemplateName: null } },
      { name: 'made-by-hand', properties: { alertRuleTemplateName: second?.id, query: 'ours' } },
    ]
    const { exitCode, stderr, stdout, world } = create([], { rules: ours })
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(world.rules.slice(0, 3)).toEqual(ours)
    const created = world.rules.slice(3)
    expect(created.map((r) => r.name)).toEqual(rules.slice(2).map((r) => r.id))
    expect(created[0]?.properties).toMatchObject({
      displayName: third?.name,
      query: third?.query,
      enabled: false,
      alertRuleTemplateName: third?.id,
      templateVersion: third?.version,
    })
    expect(created[0]?.properties).not.toHaveProperty('requiredDataConnectors')
    expect(stdout).toContain(`there already  ${first?.name}\n`)
  })

  it('changes nothing the second time', () => {
    const once = create(['--enable'], {})
    expect(once.world.rules).toHaveLength(rules.length)
    expect(new Set(once.world.rules.map((r) => r.properties['enabled']))).toEqual(new Set([true]))
    const again = create([], once.world)
    expect(again.world).toEqual(once.world)
    expect(again.calls.filter((call) => call.includes('--method put'))).toEqual([])
  })

  it('creates those that are named, and shows without doing', () => {
    const [, second] = rules
    const dry = create(['--dry-run', second?.name ?? ''], {})
    expect(dry.world.rules).toEqual([])
    expect(dry.stdout).toBe(`would create   ${second?.name}\n`)
    expect(create([second?.name ?? ''], {}).world.rules.map((r) => r.name)).toEqual([second?.id])
    expect(create(['No such rule'], {})).toMatchObject({ exitCode: 1, calls: [] })
  })
})

describe('grant-playbook', () => {
  const IDENTITY = '1d000000-0000-4000-8000-000000000001'
  const appRoles = { 'Application.ReadWrite.All': 'role-a', 'IdentityRiskEvent.Read.All': 'role-b' }
  const world = {
    identities: { 'Remove-EntraWorkloadLeakedKey': IDENTITY, Mine: IDENTITY },
    appRoles,
    assigned: [{ principalId: IDENTITY, resourceId: 'graph-id', appRoleId: 'role-a' }],
  }
  const grant = (...args: readonly string[]) => run('infra/sentinel/grant-playbook.sh', args, world)

  it.each(['Remove-EntraWorkloadLeakedKey', 'Mine=Remove-EntraWorkloadLeakedKey'])(
    'gives %s two roles, and the permissions that it does not hold',
    (playbook) => {
      const { exitCode, stderr, world: after } = grant(playbook)
      expect([exitCode, stderr]).toEqual([0, ''])
      expect(after.roles).toEqual([
        [IDENTITY, 'Microsoft Sentinel Responder', WORKSPACE],
        [IDENTITY, 'Log Analytics Reader', WORKSPACE],
      ])
      expect(after.assigned.slice(1)).toEqual([
        { principalId: IDENTITY, resourceId: 'graph-id', appRoleId: 'role-b' },
      ])
    },
  )

  it('shows without doing, and knows its playbooks', () => {
    const dry = grant('--dry-run', 'Remove-EntraWorkloadLeakedKey')
    expect(dry.world).toMatchObject({ roles: [], assigned: world.assigned })
    expect(dry.stdout).toContain('  IdentityRiskEvent.Read.All\n')
    expect(grant('Other')).toMatchObject({ exitCode: 2, calls: [] })
    expect(grant('Disable-EntraWorkloadIdentity').stderr).toContain('has no managed identity')
  })
})
