import { declarationsOf } from '../../support/bicep/declarations.ts'
import { ours, type Rule } from './world.ts'

const SECRET_NAME = /secret|password|token|key$|connectionString/i
/**
 * Names that look like secrets and hold none: resource names, and the uniqueString of the
 * deployment.
 */
const HARMLESS = new Set(['appInsightsConnectionString', 'connectionString', 'archiveKey', 'encryptionKey'])

/** Secrets enter as secure parameters and leave by no way. */
export const secretRules: readonly Rule[] = [
  {
    name: 'a parameter that is named like a secret is secure',
    check: ({ sources }) =>
      ours(sources).flatMap((path) =>
        declarationsOf(sources.text(path))
          .parameters.filter((p) => SECRET_NAME.test(p.name) && !HARMLESS.has(p.name))
          .filter((p) => !p.decorators.includes('secure'))
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
    check: (world) =>
      Object.entries(world.deployment('private').outputs)
        .filter(([, output]) => JSON.stringify(output).includes('given-'))
        .map(([name]) => name),
  },
  {
    name: 'a secret lands in the vault and nowhere else',
    check: (world) => {
      const holders = world
        .deployment('usual')
        .resources.filter((r) => JSON.stringify(r.body).includes('given-'))
        .map((r) => `${r.type} ${r.name}`)
      return JSON.stringify(holders) === '["Microsoft.KeyVault/vaults/secrets webhook-secret"]'
        ? []
        : holders.concat('found')
    },
  },
]
