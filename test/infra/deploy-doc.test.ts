import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { declarationsOf } from '../support/bicep/declarations.ts'
import { committedSources } from '../support/bicep/sources.ts'
import {
  APP_GRANTS,
  ARCHIVE_GRANTS,
  CUSTOM_PEOPLE_GRANTS,
  PEOPLE_GRANTS,
  PLATFORM_GRANTS,
  READER_GRANTS,
} from './rules/role-rules.ts'

const doc = readFileSync('docs/deploy.md', 'utf8')
const rows = doc
  .split('\n')
  .filter((line) => /^\| (app|auditors|operators|platform) \|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))

/** A scope as the table calls it. */
function scopeInWords(scope: string): string {
  const [kind = '', name = ''] = scope.split(' ')
  const words: Readonly<Record<string, string>> = {
    eventhubs: 'event hub',
    vaults: 'vault',
    components: 'Application Insights',
    dataCollectionRules: 'data collection rule',
    host: 'host storage account',
    workspaces: 'workspace',
    containers: `\`${name}\``,
    keys: `key \`${name}\``,
    queues: `queue \`${name}\``,
    tables: `table \`${name}\``,
    sites: 'function app',
  }
  return words[kind] ?? scope
}

const grants = [
  ...APP_GRANTS,
  ...PLATFORM_GRANTS,
  ...ARCHIVE_GRANTS,
  ...PEOPLE_GRANTS,
  ...CUSTOM_PEOPLE_GRANTS,
  ...READER_GRANTS,
].map((grant) => /^(\w+): (.+) on (.+)$/.exec(grant)?.slice(1) ?? [])

describe('docs/deploy.md', () => {
  it.each(grants)('tells that %s has %s on %s, and why', (who, role, scope) => {
    const row = rows.find((r) => r[1] === who && r[2] === role && r[3]?.includes(scopeInWords(scope ?? '')))
    expect(row?.[4]).toMatch(/\w{3,}/)
  })

  it('tells of no right that nobody has', () => {
    const told = rows.map((r) => `${r[1]}: ${r[2]} on ${r[3]}`)
    const known = (line: string): boolean =>
      grants.some(
        ([who, role, scope]) =>
          line.startsWith(`${who}: ${role} on`) && line.includes(scopeInWords(scope ?? '')),
      )
    expect(told.filter((line) => !known(line))).toEqual([])
  })

  it('names outputs, parameters and files that exist', () => {
    const main = declarationsOf(committedSources.text('infra/main.bicep'))
    const outputs = [...doc.matchAll(/\$\(out (\w+)\)/g)].map((match) => match[1])
    expect(outputs.filter((name) => !main.outputs.includes(name ?? ''))).toEqual([])
    const parameters = [...doc.matchAll(/\b([a-z]+[A-Za-z0-9]*)=(?:true|false|https|"\$|'\{)/g)].map(
      (match) => match[1],
    )
    expect(parameters.filter((name) => !main.parameters.some((p) => p.name === name))).toEqual([])
    const files = [...doc.matchAll(/\b(?:infra|\.github|\.ci|test\/infra)\/[\w./-]*\w/g)].map(
      (match) => match[0],
    )
    expect(files.filter((file) => !existsSync(file))).toEqual([])
  })
})
