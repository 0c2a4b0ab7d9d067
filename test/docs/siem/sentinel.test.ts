import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { SentinelContent } from '../../../infra/sentinel/solution/content.ts'
import { declarationsOf } from '../../support/bicep/declarations.ts'
import { hasTools } from '../../support/shell-tools.ts'
import { PageSteps } from '../../support/siem-pages/page-steps.ts'
import { runShell } from '../../support/siem-pages/run-shell.ts'

const ELLIPSIS = '/subscriptions/…/workspaces/log-soc'
const WORKSPACE =
  '/subscriptions/00000000-0000-4000-8000-00000000005b/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc'
const IDENTITY = '1d000000-0000-4000-8000-000000000001'
const steps = new PageSteps('sentinel')
const folder = mkdtempSync(join(tmpdir(), 'risk-export-sentinel-page-'))
afterAll(() => rmSync(folder, { recursive: true }))

const world = join(folder, 'world.json')
const worldNow = () => JSON.parse(readFileSync(world, 'utf8'))
const write = (given: object) =>
  writeFileSync(
    world,
    JSON.stringify({ rules: [], assigned: [], roles: [], identities: {}, appRoles: {}, ...given }),
  )
/** Runs a line of the page with the stand-in for the Azure CLI first on PATH. */
const run = (line: string): Promise<string> => {
  expect(line).toContain(ELLIPSIS)
  return runShell(line.replace(ELLIPSIS, WORKSPACE), '.', {
    PATH: [resolve('test/infra/fake-sentinel'), process.env['PATH'] ?? ''].join(delimiter),
    FAKE_AZ_WORLD: world,
    FAKE_AZ_LOG: join(folder, 'calls.log'),
  })
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
  async () => {
    const rules = new SentinelContent('infra/sentinel').rules().map(({ value }) => value)
    // All but one are there: each that is created takes a process.
    const there = rules.slice(1).map(({ id }) => ({ name: id, properties: {} }))
    write({ rules: there })
    const [shown = '', created = ''] = steps.block('create-rules.mjs').split('\n')
    expect((await run(shown)).trim().split('\n')).toHaveLength(rules.length)
    expect(worldNow().rules).toEqual(there)
    await run(created)
    expect(
      worldNow()
        .rules.map(({ name }: { name: string }) => name)
        .toSorted(),
    ).toEqual(rules.map(({ id }) => id).toSorted())
    const grant = steps.block('grant-playbook.sh')
    write({
      identities: { 'Disable-EntraWorkloadIdentity': IDENTITY },
      appRoles: { 'Application.ReadWrite.All': 'role-a' },
    })
    await run(grant)
    expect(worldNow()).toMatchObject({
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
