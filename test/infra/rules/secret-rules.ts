import { bicepFile } from '../../support/bicep/sources.ts'
import { ours, type Rule } from './world.ts'

const SECRET_NAME = /secret|password|token|key$|connectionString/i
/**
 * Names that look like secrets and hold none: resource names, and the uniqueString of the
 * deployment.
 */
const HARMLESS = new Set(['appInsightsConnectionString', 'connectionString'])

/** Secrets enter as secure parameters and leave by no way. */
export const secretRules: readonly Rule[] = [
  {
    name: 'a parameter that is named like a secret is secure',
    check: ({ sources }) =>
      ours(sources).flatMap((path) =>
        bicepFile(sources, path)
          .parameters.filter((p) => SECRET_NAME.test(p.name) && !HARMLESS.has(p.name))
          .filter((p) => !p.decorators.some((d) => d.name === 'secure'))
          .map((p) => `${path} ${p.name}`),
      ),
  },
  {
    name: 'no key is ever listed',
    check: ({ sources }) =>
      ours(sources).flatMap((path) =>
        (sources.text(path).match(/\blist[A-Z]\w*\s*\(|\.list[A-Z]\w*\(|getSecret\(/g) ?? []).map(
          (call) => `${path}: ${call}`,
        ),
      ),
  },
  {
    name: 'no output holds the value of a secure parameter',
    check: (world) => {
      const secrets = ['whsec_secret']
      const outputs = bicepFile(world.sources, 'infra/main.bicep').outputs
      return outputs
        .filter(({ name }) =>
          secrets.some((s) => JSON.stringify(world.deployment('usual').output(name)).includes(s)),
        )
        .map(({ name }) => name)
    },
  },
  {
    name: 'a secret lands in the vault and nowhere else',
    check: (world) => {
      const holders = world
        .deployment('usual')
        .resources.filter((r) => JSON.stringify(r.body).includes('whsec_secret'))
        .map((r) => `${r.type} ${r.name}`)
      return JSON.stringify(holders) === '["Microsoft.KeyVault/vaults/secrets webhook-secret"]'
        ? []
        : holders.concat('found')
    },
  },
]
