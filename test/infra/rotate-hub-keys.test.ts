import { describe, expect, it } from 'vitest'
import { runScript } from '../support/run-script.ts'

const SCRIPT = 'infra/rotate-hub-keys.sh'
const ARGS = ['--resource-group', 'rg-trial', '--namespace', 'evhns-1']
const SUBSCRIPTION = '00000000-0000-4000-8000-00000000005b'
const RULES = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-trial/providers/Microsoft.EventHub/namespaces/evhns-1/authorizationRules`
const ROOT = `${RULES}/RootManageSharedAccessKey`
const ENTRA = `${RULES}/entra-diagnostic-setting`

/** A line of the activity log, in the case in which Azure happens to write it. */
const event = (at: string, verb: string, rule: string) => [
  at,
  `MICROSOFT.EVENTHUB/namespaces/authorizationRules/${verb}/action`,
  rule,
  'ada@example.com',
]

describe('the script that renews the keys of the namespace', { timeout: 60_000 }, () => {
  it('renews both keys of the root rule, and shows none', () => {
    const run = runScript(SCRIPT, [...ARGS, '--root'])
    expect(run.exitCode).toBe(0)
    expect(run.world.renewed).toEqual([
      'RootManageSharedAccessKey PrimaryKey',
      'RootManageSharedAccessKey SecondaryKey',
    ])
    expect(run.calls.every((call) => call.endsWith('--output none'))).toBe(true)
  })

  it.each([
    [
      'were renewed and not listed since',
      0,
      [event('2026-01-02', 'listkeys', ROOT), event('2026-01-03', 'regenerateKeys', ROOT)],
    ],
    ['were never renewed', 1, [event('2026-01-02', 'listkeys', ROOT)]],
    [
      'were listed since',
      1,
      [event('2026-01-03', 'regenerateKeys', ROOT), event('2026-01-04', 'listKeys', ROOT)],
    ],
    ['of another rule were renewed', 1, [event('2026-01-03', 'regenerateKeys', ENTRA)]],
    [
      'of another namespace were renewed',
      1,
      [event('2026-01-03', 'regenerateKeys', ROOT.replace('evhns-1', 'evhns-10'))],
    ],
  ])('--check tells whether root keys %s', (_, exitCode, activity) => {
    const run = runScript(SCRIPT, [...ARGS, '--check'], { world: { activity } })
    expect([run.exitCode, run.stderr === '']).toEqual([exitCode, exitCode === 0])
  })

  it('--check names who listed keys of another rule, which Entra does when the setting is written', () => {
    const activity = [event('2026-01-03', 'regenerateKeys', ROOT), event('2026-01-04', 'listKeys', ENTRA)]
    const run = runScript(SCRIPT, [...ARGS, '--check'], { world: { activity } })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('keys of entra-diagnostic-setting listed: 2026-01-04  ada@example.com')
  })

  const logs = [{ category: 'RiskyServicePrincipals', enabled: true }]
  const world = {
    subscription: SUBSCRIPTION,
    rules: [],
    settings: [
      {
        name: 'entra-risk-export',
        properties: { eventHubName: 'entra-risk', eventHubAuthorizationRuleId: ENTRA, logs },
      },
    ],
  }

  it('has the setting write by a second rule while the keys of its own change', () => {
    const run = runScript(SCRIPT, [...ARGS, '--entra', '--hub', 'entra-risk'], { world, input: 'yes\n' })
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    // The stand-in refuses to renew a key that the setting writes by.
    expect(run.world.renewed).toEqual([
      'entra-diagnostic-setting PrimaryKey',
      'entra-diagnostic-setting SecondaryKey',
    ])
    expect(run.world.rules).toEqual([])
    expect(run.world.settings).toMatchObject([{ properties: { eventHubAuthorizationRuleId: ENTRA } }])
    expect(run.calls.filter((call) => call === 'sleep 1800')).toHaveLength(2)
  })

  it('goes on where it was interrupted, with the setting on the second rule', () => {
    const [setting] = world.settings
    const standby = `${ENTRA}-standby`
    const interrupted = {
      ...world,
      rules: ['entra-diagnostic-setting-standby'],
      settings: [
        { ...setting, properties: { ...setting?.properties, eventHubAuthorizationRuleId: standby } },
      ],
    }
    const run = runScript(SCRIPT, [...ARGS, '--entra', '--hub', 'entra-risk'], {
      world: interrupted,
      input: 'yes\n',
    })
    expect(run.exitCode).toBe(0)
    expect(run.world.renewed).toHaveLength(2)
    expect(run.world.settings).toMatchObject([{ properties: { eventHubAuthorizationRuleId: ENTRA } }])
  })

  it('renews nothing when the change of the setting is not confirmed', () => {
    const run = runScript(SCRIPT, [...ARGS, '--entra', '--hub', 'entra-risk'], { world, input: 'no\n' })
    expect(run.exitCode).toBe(3)
    expect(run.world.renewed).toBeUndefined()
    expect(run.world.settings).toEqual(world.settings)
  })

  it.each([
    ['no mode', ARGS],
    ['two modes', [...ARGS, '--root', '--check']],
    ['no hub for the setting', [...ARGS, '--entra']],
    ['no namespace', ['--resource-group', 'rg-trial', '--root']],
  ])('refuses %s before it asks Azure anything', (_, args) => {
    const run = runScript(SCRIPT, args)
    expect(run.exitCode).toBe(2)
    expect(run.calls).toEqual([])
  })
})
