import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sectionOf, tableRows } from '../support/generated-section.ts'

const PAGE = 'docs/investigate.md'
const page = readFileSync(PAGE, 'utf8')
const rows = tableRows(sectionOf(PAGE, '<!-- guide -->', '<!-- /guide -->'))

/** What Microsoft's guide has; whoever drops a row here drops a part of it. */
const ITEMS = [
  'licence',
  'seven types',
  'not managed identities',
  'risky workload identities',
  'workload identity detections',
  '`riskyServicePrincipals`',
  '`servicePrincipalRiskDetections`',
  'diagnostic settings',
  'single-tenant only',
  'tokens of 24 hours',
  'suspicious sign-in activity?',
  'unauthorized credential changes?',
  'suspicious configuration changes?',
  'unauthorized application roles?',
  'confirm compromised, dismiss',
  'disable',
  '1. list',
  '2. add',
  '3. remove',
  '4. rotate',
  'sponsors',
]

describe('docs/investigate.md', () => {
  it('shows a screen as a run made it', () => {
    const screen = readFileSync('test/golden/cli/investigate-leaked-credential.txt', 'utf8')
    expect(page).toContain(`\`\`\`text\n${screen}\`\`\``)
  })

  it('has every item of Microsoft’s guide', () => {
    const items = rows.map(([, item = '']) => item)
    expect(ITEMS.filter((item) => !items.some((one) => one.includes(item)))).toEqual([])
  })

  it('names for each of them what does it, and tests that are there', () => {
    for (const [, item = '', here = '', tests = ''] of rows) {
      expect(here, item).not.toBe('')
      const named = [...tests.matchAll(/\]\(\.\.\/(test\/[^)]+\.test\.ts)\)/g)].map(([, path = '']) => path)
      expect(named, item).not.toEqual([])
      expect(named.filter((path) => !existsSync(path))).toEqual([])
    }
  })
})
