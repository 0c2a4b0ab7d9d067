import { createHash } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runScript } from '../support/run-script.ts'

const SCRIPT = 'infra/deploy-package.sh'
const content = 'not a zip, but bytes all the same'
const sha256 = createHash('sha256').update(content).digest('hex')
const packageFile = join(mkdtempSync(join(tmpdir(), 'risk-export-package-')), 'risk-export-1.0.0.zip')
writeFileSync(packageFile, content)

const ARGS = ['--resource-group', 'rg-trial', '--app', 'func-1', '--package', packageFile]
const world = (pinned: string | undefined, functionsHiddenFor = 0) => ({
  tags: pinned === undefined ? {} : { 'risk-export-package-sha256': pinned },
  functions: ['health', 'ingest', 'redeliver'],
  functionsHiddenFor,
})
const deployments = (calls: readonly string[]): readonly string[] =>
  calls.filter((c) => c.includes('config-zip'))

describe('the script that deploys the package', () => {
  it('deploys the package that the deployment pins, and waits for its functions', () => {
    const run = runScript(SCRIPT, ARGS, { world: world(sha256, 2) })
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    expect(deployments(run.calls)).toEqual([
      `functionapp deployment source config-zip --resource-group rg-trial --name func-1 --src ${packageFile} --output none`,
    ])
    expect(run.stdout.match(/waiting/g)).toHaveLength(2)
  })

  it('deploys no other package', () => {
    const run = runScript(SCRIPT, ARGS, { world: world('0'.repeat(64)) })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain(`file   ${sha256}`)
    expect(deployments(run.calls)).toEqual([])
  })

  it('deploys nothing where nothing is pinned', () => {
    const run = runScript(SCRIPT, ARGS, { world: world(undefined) })
    expect(run.exitCode).toBe(1)
    expect(deployments(run.calls)).toEqual([])
  })

  it('deploys nothing under --dry-run', () => {
    const run = runScript(SCRIPT, [...ARGS, '--dry-run'], { world: world(sha256) })
    expect(run.exitCode).toBe(0)
    expect(run.stdout).toContain('would deploy it to func-1')
    expect(deployments(run.calls)).toEqual([])
  })

  it('fails when the app never lists its functions', () => {
    const run = runScript(SCRIPT, ARGS, { world: world(sha256, 99) })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('Reading app settings')
  })
})
