import { describe, expect, it } from 'vitest'
import { runScript } from '../support/run-script.ts'

const SCRIPT = 'infra/tenant/diagnostic-setting.sh'
const RULE =
  '/subscriptions/00000000-0000-4000-8000-00000000005b/resourceGroups/rg-trial/providers/Microsoft.EventHub/namespaces/evhns-1/authorizationRules/entra-diagnostic-setting'
const HUB = 'entra-risk'
const ARGS = ['--rule-id', RULE, '--hub', HUB, '--yes']
const ALL = 'AgentRiskEvents,RiskyAgents,RiskyServicePrincipals,ServicePrincipalRiskEvents'

const setting = (name: string, eventHubName: string, ...categories: readonly string[]) => ({
  name,
  properties: {
    eventHubName,
    eventHubAuthorizationRuleId: RULE,
    logs: categories.map((category) => ({ category, enabled: true })),
  },
})
/**
 * Somebody else's, of the kinds that occur: to a workspace, without logs, with one switched off.
 */
const others = [
  { name: 'siem', properties: { workspaceId: '/subscriptions/x', logs: null } },
  {
    name: 'audit',
    properties: {
      storageAccountId: '/subscriptions/y',
      logs: [
        { category: 'SignInLogs', enabled: true },
        { category: 'AuditLogs', enabled: false },
      ],
    },
  },
]
const changes = (calls: readonly string[]): readonly string[] =>
  calls.filter((c) => /--method (?!get)/.test(c))

describe('the script of the diagnostic setting', { timeout: 60_000 }, () => {
  it('writes the setting, reads it back and lists all before and after', () => {
    const run = runScript(SCRIPT, ARGS, { world: { settings: others } })
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    expect(run.world.settings).toEqual([
      ...others,
      setting(
        'entra-risk-export',
        HUB,
        'RiskyServicePrincipals',
        'ServicePrincipalRiskEvents',
        'RiskyAgents',
        'AgentRiskEvents',
      ),
    ])
    expect(run.stdout.split('Settings after:')[0]).toMatch(/siem[^\n]*\n {2}audit[^\n]*SignInLogs\n/)
    expect(run.stdout.split('Settings after:')[1]).toMatch(
      new RegExp(`entra-risk-export +to hub entra-risk +${ALL}`),
    )
  })

  it('goes on reading while Azure answers 404 for what it has just taken', () => {
    const run = runScript(SCRIPT, ARGS, { world: { settings: [], hiddenReads: 5 } })
    expect(run.exitCode).toBe(0)
    expect(run.stdout.match(/not there yet/g)).toHaveLength(5)
  })

  it('fails when Azure never shows what it took', () => {
    const run = runScript(SCRIPT, ARGS, {
      world: { settings: [], hiddenReads: 99 },
      env: { READ_BACK_ATTEMPTS: '3' },
    })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('Azure took the change, and does not show it')
  })

  it('fails when Azure keeps fewer categories than it was given', () => {
    const run = runScript(SCRIPT, ARGS, {
      world: { settings: [], losesCategory: 'RiskyAgents' },
      env: { READ_BACK_ATTEMPTS: '2' },
    })
    expect(run.exitCode).toBe(1)
  })

  it('leaves a setting alone that has its name and sends elsewhere', () => {
    const foreign = setting('entra-risk-export', 'another-hub', 'AuditLogs')
    const run = runScript(SCRIPT, ARGS, { world: { settings: [foreign] } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('It is not ours')
    expect(changes(run.calls)).toEqual([])
  })

  it('brings its own setting up to date when run again', () => {
    const old = setting('entra-risk-export', HUB, 'RiskyServicePrincipals')
    const run = runScript(SCRIPT, ARGS, { world: { settings: [old, ...others] } })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain(`entra-risk-export streams ${ALL} to ${HUB}`)
  })

  it('says so when another setting changed meanwhile', () => {
    const run = runScript(SCRIPT, ARGS, { world: { settings: others, alsoTouches: 'siem' } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('another setting has changed meanwhile')
  })

  it('does not write a sixth setting', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => setting(name, 'hub', 'AuditLogs'))
    const run = runScript(SCRIPT, ARGS, { world: { settings: five } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('as many as it may')
    expect(changes(run.calls)).toEqual([])
  })

  it('asks for users and leaves out agents when told to', () => {
    const run = runScript(SCRIPT, [...ARGS, '--with-users', '--without-agents'], { world: { settings: [] } })
    expect(run.stdout).toContain(
      'streams RiskyServicePrincipals,RiskyUsers,ServicePrincipalRiskEvents,UserRiskEvents to',
    )
  })

  it('removes its own setting and no other', () => {
    const mine = setting('entra-risk-export', HUB, 'RiskyServicePrincipals')
    const run = runScript(SCRIPT, [...ARGS, '--remove'], { world: { settings: [mine, ...others] } })
    expect(run.exitCode).toBe(0)
    expect(run.world.settings).toEqual(others)
  })

  it('does not remove a setting that sends elsewhere', () => {
    const foreign = setting('entra-risk-export', 'another-hub', 'AuditLogs')
    const run = runScript(SCRIPT, [...ARGS, '--remove'], { world: { settings: [foreign] } })
    expect(run.exitCode).toBe(1)
    expect(run.world.settings).toEqual([foreign])
  })

  it.each([[[]], [['--remove']]])('changes nothing under --dry-run %j', (extra) => {
    const world = { settings: [setting('entra-risk-export', HUB, 'RiskyUsers'), ...others] }
    const run = runScript(SCRIPT, [...ARGS, '--dry-run', ...extra], { world })
    expect(run.exitCode).toBe(0)
    expect(run.world).toEqual(world)
    expect(changes(run.calls)).toEqual([])
    expect(run.stdout).toMatch(/would (write|remove) entra-risk-export/)
  })

  it('shows the tenant and asks before it writes, and takes nothing but yes for a yes', () => {
    const asked = ARGS.filter((arg) => arg !== '--yes')
    const world = { settings: others, account: { tenantId: 'tenant-7', user: 'ada@example.com' } }
    for (const input of ['y\n', '']) {
      const run = runScript(SCRIPT, asked, { world, input })
      expect(run.exitCode).toBe(3)
      expect(run.stdout).toContain('tenant-7, as ada@example.com')
      expect(run.stdout).toMatch(/Have tenant tenant-7 stream .* to the hub entra-risk/)
      expect(changes(run.calls)).toEqual([])
    }
    expect(runScript(SCRIPT, asked, { world, input: 'yes\n' }).exitCode).toBe(0)
    const mine = setting('entra-risk-export', HUB, 'RiskyAgents')
    const removal = runScript(SCRIPT, [...asked, '--remove'], { world: { settings: [mine] }, input: 'no\n' })
    expect(removal.exitCode).toBe(3)
    expect(removal.world.settings).toEqual([mine])
  })

  it('does not write into a tenant that the namespace does not belong to', () => {
    const run = runScript(SCRIPT, ARGS, { world: { settings: [], subscriptionTenant: 'tenant-2' } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('belongs to the tenant tenant-2, and you are signed in to tenant-1')
    expect(changes(run.calls)).toEqual([])
    const unseen = runScript(SCRIPT, ARGS, { world: { settings: [], subscriptionTenant: null } })
    expect(unseen.stdout).toContain('which you do not see')
    expect(unseen.exitCode).toBe(0)
  })

  it('leaves out what the tenant does not know, whatever the case, and says so', () => {
    const categories = ['AuditLogs', 'riskyServicePrincipals', 'ServicePrincipalRiskEvents', 'RiskyAgents']
    const run = runScript(SCRIPT, ARGS, { world: { settings: [], categories } })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('Left out: AgentRiskEvents')
    expect(run.stdout).toContain(
      'entra-risk-export streams RiskyAgents,RiskyServicePrincipals,ServicePrincipalRiskEvents',
    )
    const none = runScript(SCRIPT, ARGS, { world: { settings: [], categories: ['AuditLogs'] } })
    expect(none.exitCode).toBe(1)
    expect(changes(none.calls)).toEqual([])
  })

  it('writes all when the tenant does not say what it knows', () => {
    const run = runScript(SCRIPT, ARGS, { world: { settings: [] } })
    expect(run.stdout).toContain('all are asked for')
    expect(run.stdout).toContain(`streams ${ALL}`)
  })

  it('asks Azure by whole addresses, which no shell rewrites', () => {
    const { calls } = runScript(SCRIPT, ARGS, { world: { settings: [], categories: ALL.split(',') } })
    const addresses = calls.flatMap((call) => /--url (\S+)/.exec(call)?.[1] ?? [])
    expect(addresses.length).toBeGreaterThan(3)
    expect(addresses.filter((address) => !address.startsWith('https://management.azure.com/'))).toEqual([])
  })

  const otherRule = RULE.replace('entra-diagnostic-setting', 'another')
  const whole = ALL.split(',')
  it.each([
    [0, 'streams all', setting('entra-risk-export', HUB, ...whole)],
    [0, 'streams more', setting('entra-risk-export', HUB, ...whole, 'AuditLogs')],
    [1, 'is gone', setting('siem', HUB, ...whole)],
    [1, 'streams less', setting('entra-risk-export', HUB, ...whole.slice(1))],
    [1, 'sends elsewhere', setting('entra-risk-export', 'another-hub', ...whole)],
    [
      1,
      'uses another rule',
      {
        name: 'entra-risk-export',
        properties: {
          ...setting('', HUB, ...whole).properties,
          eventHubAuthorizationRuleId: otherRule,
        },
      },
    ],
  ])('--check ends with %i where the setting %s, and changes nothing', (exitCode, _, found) => {
    const world = { settings: [found, ...others] }
    const run = runScript(SCRIPT, [...ARGS, '--check'], { world })
    expect([run.exitCode, run.stderr === '']).toEqual([exitCode, exitCode === 0])
    expect(run.world).toEqual(world)
  })

  it('--check ends with 3 where Azure does not tell', () => {
    expect(runScript(SCRIPT, [...ARGS, '--check'], { world: {} }).exitCode).toBe(3)
  })

  it.each([
    ['a rule id of something else', ['--rule-id', '/subscriptions/x', '--hub', HUB]],
    ['a rule id that would break the body', ['--rule-id', `${RULE}","x":"`, '--hub', HUB]],
    ['a hub that would break the body', ['--rule-id', RULE, '--hub', 'a"b']],
    ['a name with a path', [...ARGS, '--name', '../x']],
    ['no hub', ['--rule-id', RULE]],
    ['an option without its value', ['--rule-id']],
    ['an unknown option', [...ARGS, '--force']],
  ])('refuses %s before it asks Azure anything', (_, args) => {
    const run = runScript(SCRIPT, args, { world: { settings: [] } })
    expect(run.exitCode).toBe(2)
    expect(run.calls).toEqual([])
  })
})
