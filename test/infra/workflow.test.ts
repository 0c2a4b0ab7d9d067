import { readdirSync, readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Workflow {
  readonly env: Readonly<Record<string, string>>
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions?: Readonly<Record<string, string>>
        readonly strategy?: { readonly matrix: { readonly node: readonly (string | number)[] } }
        readonly steps: readonly Step[]
      }
    >
  >
}

const FOLDER = '.github/workflows'
const workflowOf = (name: string): Workflow => load(readFileSync(`${FOLDER}/${name}`, 'utf8')) as Workflow
const stepsOf = (of: Workflow): readonly Step[] => Object.values(of.jobs).flatMap((job) => job.steps)
const workflow = workflowOf('infra.yml')
const steps = stepsOf(workflow)

it.each(readdirSync(FOLDER))(
  'the workflow %s pins every action by commit and may only read by default',
  (name) => {
    const uses = stepsOf(workflowOf(name)).flatMap((step) => (step.uses === undefined ? [] : [step.uses]))
    expect(uses.length).toBeGreaterThan(1)
    expect(uses.filter((use) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(use))).toEqual([])
    expect(workflowOf(name).permissions).toEqual({ contents: 'read' })
  },
)

it('CI runs the oldest and the newest Node of every line that package.json declares', () => {
  const { engines }: { engines: { node: string } } = JSON.parse(readFileSync('package.json', 'utf8'))
  const oldest = engines.node.split(' || ').map((range) => range.replace(/^(\^|>=)/, ''))
  const expected = oldest.flatMap((version) => [version, version.split('.')[0]])
  expect(workflowOf('ci.yml').jobs['test']?.strategy?.matrix.node.map(String)).toEqual(expected)
})

it('a release tests before it packs, compiles the template, and attests and publishes all that has a checksum', () => {
  const released = stepsOf(workflowOf('release.yml'))
  const at = (part: string): number =>
    released.findIndex((step) => `${step.uses ?? ''}\n${step.run ?? ''}`.includes(part))
  const order = ['GITHUB_REF_NAME" = "v', 'npm ci', 'npm test', 'npm run check', 'npm run package']
    .concat('az bicep build', 'actions/attest-build-provenance@', 'gh release create')
    .map(at)
  expect(order).not.toContain(-1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(released[at('az bicep build')]?.run).toContain('sha256sum main.json >>SHA256SUMS')
  expect(released[at('attest-build-provenance')]?.with).toEqual({ 'subject-checksums': 'dist/SHA256SUMS' })
  const published = released[at('gh release create')]?.run ?? ''
  for (const file of ['risk-export-*.zip', 'risk-export.mjs', 'main.json', 'sbom.cdx.json', 'SHA256SUMS'])
    expect(published).toContain(`dist/${file}`)
})

it('the workflow for the infrastructure holds a token for Azure in one job alone, and no secret', () => {
  expect(workflow.permissions).toEqual({ contents: 'read' })
  const withToken = Object.entries(workflow.jobs).filter(
    ([, job]) => job.permissions?.['id-token'] === 'write',
  )
  expect(withToken.map(([name]) => name)).toEqual(['what-if'])
  expect(readFileSync('.github/workflows/infra.yml', 'utf8')).not.toContain('secrets.')
})

it('the workflow builds, lints, validates and shows what would change, with the compiler of .ci', () => {
  const commands = steps.map((step) => step.run ?? '').join('\n')
  for (const command of [
    '.ci/bicep-compile.sh',
    'deployment sub validate',
    'deployment sub what-if',
    'npm run infra:check',
  ]) {
    expect(commands).toContain(command)
  }
  expect(readFileSync('.ci/bicep-compile.sh', 'utf8')).toContain(
    `BICEP_VERSION:-${workflow.env.BICEP_VERSION}}`,
  )
  // A value of an input never becomes a part of a command.
  expect(commands).not.toContain('inputs.')
})
