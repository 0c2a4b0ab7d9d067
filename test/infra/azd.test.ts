import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { runScript } from '../support/run-script.ts'

/** Parameters of the template: name, type, and whether it has a default. */
const declared = [...readFileSync('infra/main.bicep', 'utf8').matchAll(/^param (\w+) (\S+)( =)?/gm)].map(
  ([, name = '', type = '', fallback]) => ({
    name,
    type,
    required: fallback === undefined && !type.endsWith('?'),
  }),
)

/** Names that azd gives, or that other programs use for something else. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  environmentName: 'AZURE_ENV_NAME',
  location: 'AZURE_LOCATION',
  nodeVersion: 'APP_NODE_VERSION',
  tags: 'RESOURCE_TAGS',
}
const variableOf = (parameter: string): string =>
  OTHER_NAMES[parameter] ?? parameter.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()

interface AzureYaml {
  readonly name: string
  readonly requiredVersions: { readonly azd: string }
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
  const FILE = 'infra/main.parameters.json'

  it('are all parameters of main.bicep, each from a variable of the environment', () => {
    const expected = {
      $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
      contentVersion: '1.0.0.0',
      parameters: Object.fromEntries(
        declared.map(({ name }) => [name, { value: `\${${variableOf(name)}}` }]),
      ),
    }
    expect(declared.length).toBeGreaterThan(45)
    if (process.env['UPDATE'] === '1') writeFileSync(FILE, `${JSON.stringify(expected, undefined, 2)}\n`)
    expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(expected)
  })

  // azd leaves out what is not set, so that the default of the template holds and stands in one place.
  it('have no defaults of their own, and different names', () => {
    const variables = declared.map(({ name }) => variableOf(name))
    expect(new Set(variables).size).toBe(variables.length)
    expect(readFileSync(FILE, 'utf8')).not.toMatch(/\$\{\w+[=:-]/)
  })

  it('need a version of azd that takes objects from variables and leaves out what is not set', () => {
    expect(azureYaml.requiredVersions.azd).toBe('>= 1.23.0')
  })

  it('that have no default are given by azd or by its hooks', () => {
    expect(declared.filter(({ required }) => required).map(({ name }) => variableOf(name))).toEqual([
      'AZURE_ENV_NAME',
      'AZURE_LOCATION',
      'APP_VERSION',
      'APP_PACKAGE_SHA256',
    ])
  })
})

describe('azure.yaml', () => {
  it('names the template and the app as the template does', () => {
    expect(azureYaml.infra).toEqual({ provider: 'bicep', path: 'infra', module: 'main' })
    expect(Object.keys(azureYaml.services)).toEqual(['exporter'])
    expect(readFileSync('infra/main.bicep', 'utf8')).toContain("'azd-service-name': 'exporter'")
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
  readonly programSha256: string
  readonly kept: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'risk-export-azd-'))
  mkdirSync(join(folder, 'infra'))
  const script = join(folder, 'infra', 'azd-package.sh')
  copyFileSync('infra/azd-package.sh', script)
  copyFileSync('infra/wait-for-references.sh', join(folder, 'infra', 'wait-for-references.sh'))
  writeFileSync(join(folder, 'package.json'), '{"version":"7.8.9"}')
  const packageFile = join(folder, 'downloaded.zip')
  writeFileSync(packageFile, 'bytes of a package')
  const list = `${'0'.repeat(64)}  host.json\n`
  writeFileSync(join(folder, 'downloaded.files'), list)
  const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')
  const [sha256, programSha256] = [sha256Of('bytes of a package'), sha256Of(list)]
  return { script, packageFile, sha256, programSha256, kept: join(folder, 'dist', 'azd', 'risk-export.zip') }
}

describe('the hooks of azd', { timeout: 60_000 }, () => {
  it('pin version and hash of the package, and the hash of the program in it', () => {
    const { script, packageFile, sha256, programSha256, kept } = trialFolder()
    const run = runScript(script, ['pin'], { env: { APP_PACKAGE: packageFile } })
    expect(run.stderr).toBe('')
    expect(run.calls).toEqual([
      'azd env set APP_VERSION 7.8.9',
      `azd env set APP_PACKAGE_SHA256 ${sha256}`,
      `azd env set APP_PROGRAM_SHA256 ${programSha256}`,
    ])
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

  it('pin no package that nobody attests', () => {
    const { script, packageFile, kept } = trialFolder()
    const env = { APP_PACKAGE: packageFile, APP_REPOSITORY: 'owner/exporter' }
    expect(runScript(script, ['pin'], { env, world: { attestedBy: 'owner/exporter' } }).exitCode).toBe(0)
    rmSync(kept)
    expect(runScript(script, ['pin'], { env, world: { attestedBy: 'somebody/else' } }).exitCode).toBe(1)
    expect(existsSync(kept)).toBe(false)
  })

  it('wait for the secrets of the app before the package goes there', () => {
    const { script, packageFile, sha256 } = trialFolder()
    runScript(script, ['pin'], { env: { APP_PACKAGE: packageFile } })
    const env = { APP_PACKAGE_SHA256: sha256, AZURE_RESOURCE_GROUP: 'rg-trial', functionApp: 'func-1' }
    const world = {
      references: { WEBHOOK_SECRET: 'AccessToKeyVaultDenied' },
      vault: { WEBHOOK_SECRET: { status: 'AccessToKeyVaultDenied', until: 1 } },
    }
    const run = runScript(script, ['check'], { env, world })
    expect(run.exitCode).toBe(0)
    expect(run.world.references).toEqual({ WEBHOOK_SECRET: 'Resolved' })
  })

  it('install nothing that runs scripts of its own', () => {
    const files = [
      'infra/azd-package.sh',
      ...['ci', 'infra', 'release'].map((it) => `.github/workflows/${it}.yml`),
    ]
    for (const file of [...files, 'docs/deploy.md']) {
      const text = readFileSync(file, 'utf8')
      for (const [line] of text.matchAll(/\bnpm (?:ci|install)\b.*/g))
        expect([file, line]).toEqual([file, expect.stringMatching(/--ignore-scripts|--no-save/)])
    }
  })

  it('refuse to let azd zip the working folder', () => {
    expect(runScript('infra/azd-package.sh', ['refuse']).exitCode).toBe(1)
  })
})
