import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { declarationsOf } from '../support/bicep/declarations.ts'
import { committedSources } from '../support/bicep/sources.ts'
import { runScript } from '../support/run-script.ts'

const main = declarationsOf(committedSources.text('infra/main.bicep'))
const parameters: Record<string, { readonly value: unknown }> = JSON.parse(
  readFileSync('infra/main.parameters.json', 'utf8'),
).parameters

interface AzureYaml {
  readonly name: string
  readonly infra: { readonly provider: string; readonly path: string; readonly module: string }
  readonly hooks: Readonly<Record<string, { readonly run: string }>>
  readonly services: Readonly<
    Record<
      string,
      { readonly host: string; readonly remoteBuild: boolean; readonly hooks: AzureYaml['hooks'] }
    >
  >
  readonly workflows: { readonly up: { readonly steps: readonly { readonly azd: string }[] } }
}
const azureYaml = load(readFileSync('azure.yaml', 'utf8')) as AzureYaml

describe('parameters of azd', () => {
  it('are parameters of main.bicep', () => {
    expect(Object.keys(parameters).filter((name) => !main.parameters.some((p) => p.name === name))).toEqual(
      [],
    )
  })

  it('give all that have no default', () => {
    expect(
      main.parameters.filter((p) => p.fallback === undefined && !(p.name in parameters)).map((p) => p.name),
    ).toEqual([])
  })

  const substitution = /^\$\{([A-Z][A-Z0-9_]*)(?:=([^${}]*))?\}$/

  it('take every value from the environment of azd', () => {
    const values = Object.values(parameters).flatMap(({ value }) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [value],
    )
    expect(values.filter((value) => typeof value !== 'string' || !substitution.test(value))).toEqual([])
  })

  it('have the default of main.bicep', () => {
    const different = main.parameters.filter(({ name, fallback = '' }) => {
      const given = substitution.exec(String(parameters[name]?.value))?.[2]
      const plain = /^(?:true|false|\d+)$/.test(fallback)
      return given !== undefined && plain && given !== fallback
    })
    expect(different.map((p) => p.name)).toEqual([])
  })

  it('hold no secret', () => {
    expect(parameters.webhookSecret?.value).toMatch(/^\$\{WEBHOOK_SECRET=\}$/)
    expect(parameters.webhookToken?.value).toMatch(/^\$\{WEBHOOK_TOKEN=\}$/)
  })
})

describe('azure.yaml', () => {
  it('names the template and the app as the template does', () => {
    expect(azureYaml.infra).toEqual({ provider: 'bicep', path: 'infra', module: 'main' })
    expect(Object.keys(azureYaml.services)).toEqual(['exporter'])
    expect(committedSources.text('infra/main.bicep')).toContain("'azd-service-name': 'exporter'")
    expect(azureYaml.services.exporter).toMatchObject({ host: 'function', remoteBuild: false })
  })

  it('deploys the pinned package after the infrastructure, and lets azd make no other', () => {
    expect(azureYaml.workflows.up.steps.map((s) => s.azd)).toEqual([
      'provision',
      'deploy exporter --from-package dist/azd/risk-export.zip',
    ])
    expect(azureYaml.hooks.preprovision?.run).toBe('bash infra/azd-package.sh pin')
    expect(azureYaml.hooks.predeploy?.run).toBe('bash infra/azd-package.sh check')
    expect(azureYaml.services.exporter?.hooks.prepackage?.run).toBe('bash infra/azd-package.sh refuse')
  })
})

/** A checkout that holds no more than the hooks need, so that nothing is written into this one. */
function trialFolder(): {
  readonly script: string
  readonly packageFile: string
  readonly sha256: string
  readonly kept: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'risk-export-azd-'))
  mkdirSync(join(folder, 'infra'))
  const script = join(folder, 'infra', 'azd-package.sh')
  copyFileSync('infra/azd-package.sh', script)
  writeFileSync(join(folder, 'package.json'), '{"version":"7.8.9"}')
  const packageFile = join(folder, 'downloaded.zip')
  writeFileSync(packageFile, 'bytes of a package')
  const sha256 = createHash('sha256').update('bytes of a package').digest('hex')
  return { script, packageFile, sha256, kept: join(folder, 'dist', 'azd', 'risk-export.zip') }
}

describe('the hooks of azd', () => {
  it('pin version and hash of the package', () => {
    const { script, packageFile, sha256, kept } = trialFolder()
    const run = runScript(script, ['pin'], { env: { APP_PACKAGE: packageFile } })
    expect(run.stderr).toBe('')
    expect(run.calls).toEqual(['azd env set APP_VERSION 7.8.9', `azd env set APP_PACKAGE_SHA256 ${sha256}`])
    expect(readFileSync(kept, 'utf8')).toBe('bytes of a package')
  })

  it('let the pinned package through, and no other', () => {
    const { script, packageFile, sha256, kept } = trialFolder()
    runScript(script, ['pin'], { env: { APP_PACKAGE: packageFile } })
    expect(runScript(script, ['check'], { env: { APP_PACKAGE_SHA256: sha256 } }).exitCode).toBe(0)
    expect(runScript(script, ['check'], { env: { APP_PACKAGE_SHA256: '' } }).exitCode).toBe(1)
    writeFileSync(kept, 'other bytes')
    const other = runScript(script, ['check'], { env: { APP_PACKAGE_SHA256: sha256 } })
    expect(other.exitCode).toBe(1)
    expect(other.stderr).toContain('is not the package that was pinned')
  })

  it('refuse to let azd zip the working folder', () => {
    expect(runScript('infra/azd-package.sh', ['refuse']).exitCode).toBe(1)
  })
})
