import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const example = readFileSync('infra/terraform/main.tf', 'utf8')
const present = spawnSync('terraform', ['version']).status === 0

/** The example with Terraform's own resource in place of Azure's, whose provider has to be downloaded. */
const withoutProvider = example
  .replace(/\n {2}required_providers \{[\s\S]*?\n {2}\}\n/, '\n')
  .replace(/provider "azurerm" \{[\s\S]*?\n\}\n/, '')
  .replaceAll('azurerm_subscription_template_deployment', 'terraform_data')
  .replace(/(resource "terraform_data" "exporter" \{\n)([\s\S]*?)(\n\n {2}lifecycle)/, '$1input = {\n$2\n}$3')
  .replace(
    'jsondecode(terraform_data.exporter.output_content)',
    '{ all = { value = terraform_data.exporter.output } }',
  )

/** What a run would send to Azure, or why it refuses. */
function applied(sha256Of: (template: string) => string): {
  readonly sent?: unknown
  readonly refusal: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'risk-export-terraform-'))
  writeFileSync(join(folder, 'main.tf'), withoutProvider)
  writeFileSync(join(folder, 'main.json'), '{"the":"template"}')
  const variables = {
    subscription_id: 's',
    name: 'risk-prod',
    location: 'westeurope',
    template_file: 'main.json',
    template_sha256: sha256Of('{"the":"template"}'),
    app_version: '1.2.3',
    app_package_sha256: 'ab',
    parameters: { alertEmails: 'soc@example.com', webhooks: [{ name: 'soc' }] },
  }
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(variables))
  const run = (...args: readonly string[]) => spawnSync('terraform', args, { cwd: folder, encoding: 'utf8' })
  run('init', '-no-color')
  const apply = run('apply', '-auto-approve', '-no-color')
  if (apply.status !== 0) return { refusal: apply.stderr }
  return { sent: JSON.parse(run('output', '-json', 'outputs').stdout).all, refusal: '' }
}

describe('the example for Terraform', () => {
  it('gives parameters that the template has, among them all without a default', () => {
    const given = /given = merge\(var\.parameters, \{\n([\s\S]*?)\n {2}\}\)/.exec(example)?.[1] ?? ''
    const names = [...given.matchAll(/^ +(\w+) +=/gm)].map(([, name = '']) => name)
    const required = [...readFileSync('infra/main.bicep', 'utf8').matchAll(/^param (\w+) \w+$/gm)]
    expect(names.toSorted()).toEqual(required.map(([, name = '']) => name).toSorted())
  })

  it.skipIf(!present)('is formatted as Terraform formats it', () => {
    expect(spawnSync('terraform', ['fmt', '-check', 'infra/terraform']).status).toBe(0)
  })

  it.skipIf(!present)(
    'sends the template with all parameters, and none but that of the hash',
    { timeout: 120_000 },
    () => {
      const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
      const { sent } = applied((template) => sha256(template).toUpperCase())
      expect(sent).toMatchObject({
        name: 'risk-prod',
        location: 'westeurope',
        template_content: '{"the":"template"}',
      })
      expect(JSON.parse((sent as { parameters_content: string }).parameters_content)).toEqual({
        alertEmails: { value: 'soc@example.com' },
        webhooks: { value: [{ name: 'soc' }] },
        environmentName: { value: 'risk-prod' },
        location: { value: 'westeurope' },
        appVersion: { value: '1.2.3' },
        appPackageSha256: { value: 'ab' },
      })
      expect(applied(() => sha256('another template')).refusal).toContain(
        'not the one whose SHA-256 was given',
      )
    },
  )
})
