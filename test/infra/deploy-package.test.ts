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

describe('the script that deploys the package', { timeout: 60_000 }, () => {
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

  const notYet =
    'InaccessibleStorageException: Failed to access storage account for deployment: BlobUploadFailedException: 403 (This request is not authorized to perform this operation using this permission.)'
  const waits = (calls: readonly string[]): readonly number[] =>
    calls.flatMap((call) => /^sleep (\d+)$/.exec(call)?.slice(1).map(Number) ?? [])

  it('tries again, further and further apart, while the roles of the app spread', () => {
    const run = runScript(SCRIPT, ARGS, {
      world: { ...world(sha256), packageRefusals: Array.from({ length: 5 }, () => notYet) },
    })
    expect(run.exitCode).toBe(0)
    expect(deployments(run.calls)).toHaveLength(6)
    expect(waits(run.calls)).toEqual([15, 30, 60, 120, 120])
  })

  it('gives up on roles after a quarter of an hour', () => {
    const run = runScript(SCRIPT, ARGS, {
      world: { ...world(sha256), packageRefusals: Array.from({ length: 99 }, () => notYet) },
    })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('after 15 minutes')
    const waited = waits(run.calls).reduce((sum, seconds) => sum + seconds, 0)
    expect(waited).toBeGreaterThanOrEqual(900)
    expect(waited).toBeLessThan(1020)
  })

  it.each([
    'The Azure function app is stopped.',
    "(AuthorizationFailed) The client does not have authorization to perform action 'Microsoft.Web/sites/publish/Action' 403",
  ])('does not try again what waiting does not mend: %s', (refusal) => {
    const run = runScript(SCRIPT, ARGS, { world: { ...world(sha256), packageRefusals: [refusal] } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain(refusal)
    expect(deployments(run.calls)).toHaveLength(1)
  })

  const unresolved = (status: string, until: number) => ({
    ...world(sha256),
    references: { WEBHOOK_SECRET: status, WEBHOOK_URL: 'Resolved' },
    vault: { WEBHOOK_SECRET: { status, until } },
  })

  it('has the secrets read again until they are there, and only then deploys', () => {
    const run = runScript(SCRIPT, ARGS, { world: unresolved('AccessToKeyVaultDenied', 3) })
    expect(run.stderr).toBe('')
    expect(run.exitCode).toBe(0)
    expect(run.world.refreshes).toBe(4)
    expect(run.stdout).toContain('WEBHOOK_SECRET AccessToKeyVaultDenied')
    const lastRefresh = run.calls.findLastIndex((call) => call.includes('/refresh?'))
    expect(run.calls.findIndex((call) => call.includes('config-zip'))).toBeGreaterThan(lastRefresh)
  })

  it('deploys nothing where the app is never let into the vault', () => {
    const run = runScript(SCRIPT, ARGS, { world: unresolved('AccessToKeyVaultDenied', 99) })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('after 15 minutes')
    expect(deployments(run.calls)).toEqual([])
  })

  it('does not wait for a secret that is not in the vault, but looks twice', () => {
    const found = runScript(SCRIPT, ARGS, { world: unresolved('SecretNotFound', 0) })
    expect(found.exitCode).toBe(0)
    const missing = runScript(SCRIPT, ARGS, { world: unresolved('SecretNotFound', 99) })
    expect(missing.exitCode).toBe(1)
    expect(missing.stderr).toContain('WEBHOOK_SECRET\tSecretNotFound')
    expect(missing.world.refreshes).toBe(1)
  })

  it('verifies who built the package when it is told who should have', () => {
    const asked = [...ARGS, '--repository', 'owner/exporter']
    const run = runScript(SCRIPT, asked, { world: { ...world(sha256), attestedBy: 'owner/exporter' } })
    expect(run.exitCode).toBe(0)
    expect(run.calls).toContain(`gh attestation verify ${packageFile} --repo owner/exporter`)
    const forged = runScript(SCRIPT, asked, { world: { ...world(sha256), attestedBy: 'somebody/else' } })
    expect(forged.exitCode).toBe(1)
    expect(deployments(forged.calls)).toEqual([])
  })

  it('takes the right to store packages away when it is told to, once the functions are there', () => {
    const run = runScript(SCRIPT, [...ARGS, '--close'], { world: world(sha256, 1) })
    expect([run.exitCode, run.stderr]).toEqual([0, ''])
    expect(run.stdout).toContain('closed: the platform may load the package and store no other')
    expect(run.calls.at(-1)).toBe(
      'role assignment delete --assignee principal of /subscriptions/s/id-deploy --role Storage Blob Data Contributor --scope /subscriptions/s/storageAccounts/stpkg1/blobServices/default/containers/app-package',
    )
    const open = runScript(SCRIPT, ARGS, { world: world(sha256) })
    expect(open.calls.filter((call) => call.startsWith('role assignment'))).toEqual([])
  })

  it('says that the package is deployed where the right cannot be taken away', () => {
    const run = runScript(SCRIPT, [...ARGS, '--close'], { world: { ...world(sha256), mayNotAssign: true } })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('the package is deployed, but the right')
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
