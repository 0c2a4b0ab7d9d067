import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'

interface Step {
  readonly uses?: string
  readonly run?: string
}
interface Workflow {
  readonly env: Readonly<Record<string, string>>
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }
    >
  >
}

const workflow = load(readFileSync('.github/workflows/infra.yml', 'utf8')) as Workflow
const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

it('the workflow for the infrastructure pins every action by commit', () => {
  const uses = steps.flatMap((step) => (step.uses === undefined ? [] : [step.uses]))
  expect(uses.length).toBeGreaterThan(3)
  expect(uses.filter((use) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(use))).toEqual([])
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
