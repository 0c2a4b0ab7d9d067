import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SentinelContent } from '../../../infra/sentinel/solution/content.ts'
import { declarationsOf } from '../../support/bicep/declarations.ts'
import { runScript } from '../../support/run-script.ts'
import { hasTools } from '../../support/shell-tools.ts'
import { PageSteps } from '../../support/siem-pages/page-steps.ts'

const ELLIPSIS = '/subscriptions/…/workspaces/log-soc'
const WORKSPACE =
  '/subscriptions/00000000-0000-4000-8000-00000000005b/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc'
const IDENTITY = '1d000000-0000-4000-8000-000000000001'
const steps = new PageSteps('sentinel')
const NOTHING = { rules: [], assigned: [], roles: [], identities: {}, appRoles: {} }
/** Runs a line of the page with the stand-in for the Azure CLI first on PATH. */
function run(line: string, world: object) {
  expect(line).toContain(ELLIPSIS)
  const found = runScript('-c', [line.replace(ELLIPSIS, WORKSPACE)], {
    azure: 'workspace',
    world: { ...NOTHING, ...world },
  })
  expect([found.exitCode, found.stderr]).toEqual([0, ''])
  return found
}
const named = (text: string): readonly string[] =>
  [...text.matchAll(/(?:^| )([\w-]+)=/g)].map(([, name = '']) => name)

test('the deployment has the parameters that the page of Sentinel gives it', () => {
  const { parameters } = declarationsOf(readFileSync('infra/main.bicep', 'utf8'))
  const given = named(steps.block('onboardSentinel=true'))
  expect(given).toHaveLength(3)
  expect(parameters.map(({ name }) => name)).toEqual(expect.arrayContaining([...given]))
})

test('so has the template of the content, which needs no other', () => {
  const command = steps.block('az deployment group create')
  const [, file = ''] = /--template-file (\S+)/.exec(command) ?? []
  const { parameters }: { parameters: Record<string, { defaultValue?: unknown }> } = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  const given = named(command.slice(command.indexOf('--parameters ')))
  expect(given).toHaveLength(2)
  expect(Object.keys(parameters)).toEqual(expect.arrayContaining([...given]))
  const needed = Object.entries(parameters).filter(([, { defaultValue }]) => defaultValue === undefined)
  expect(needed.map(([name]) => name).filter((name) => !given.includes(name))).toEqual([])
})

test.skipIf(!hasTools('bash'))(
  'its commands create the rules, shown first, and give a playbook what it needs',
  { timeout: 60_000 },
  () => {
    const rules = new SentinelContent('infra/sentinel').rules().map(({ value }) => value)
    // All but one are there: each that is created takes a process.
    const there = rules.slice(1).map(({ id }) => ({ name: id, properties: {} }))
    const [shown = '', created = ''] = steps.block('create-rules.mjs').split('\n')
    const before = run(shown, { rules: there })
    expect(before.stdout.trim().split('\n')).toHaveLength(rules.length)
    expect(before.world).toMatchObject({ rules: there })
    const names = run(created, { rules: there }).world['rules'] as readonly { readonly name: string }[]
    expect(names.map(({ name }) => name).toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
    const granted = run(steps.block('grant-playbook.sh'), {
      identities: { 'Disable-EntraWorkloadIdentity': IDENTITY },
      appRoles: { 'Application.ReadWrite.All': 'role-a' },
    })
    expect(granted.world).toMatchObject({
      roles: [
        [IDENTITY, 'Microsoft Sentinel Responder', WORKSPACE],
        [IDENTITY, 'Log Analytics Reader', WORKSPACE],
      ],
      assigned: [{ principalId: IDENTITY, appRoleId: 'role-a' }],
    })
  },
)

test('each other block is said to need the product', () => {
  steps.needsProduct('EntraRiskExportHealth_CL', 'queries')
  steps.needsProduct('EntraRiskDetections_CL', 'queries')
  expect(steps.left()).toEqual([])
})
