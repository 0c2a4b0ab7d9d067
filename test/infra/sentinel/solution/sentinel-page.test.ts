import { expect, it } from 'vitest'
import { SentinelContent } from '../../../../infra/sentinel/solution/content.ts'
import { customDetection } from '../../../../infra/sentinel/solution/custom-detection.ts'
import { PLAYBOOKS } from '../../../../infra/sentinel/solution/playbook-actions.ts'
import { generatedSection, tableRows } from '../../../support/generated-section.ts'

const PAGE = 'docs/siem/sentinel.md'
const content = new SentinelContent('infra/sentinel')
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`

it('the page has every playbook with what its identity needs in Microsoft Graph', () => {
  const table = [
    row('Playbook', 'What it does', 'Permissions in Microsoft Graph'),
    row('---', '---', '---'),
    ...PLAYBOOKS.map(({ name, description, permissions }) =>
      row(`\`${name}\``, description, permissions.map((p) => `\`${p}\``).join(', ') || 'none'),
    ),
  ].join('\n')
  expect(generatedSection(PAGE, 'playbooks', table)).toBe(table)
})

it('the page says of every rule whether it can be a custom detection, and what it loses', () => {
  const table = [
    row('Rule', 'As a custom detection', 'Lost'),
    row('---', '---', '---'),
    ...content.rules().map(({ value }) => {
      const detection = customDetection(value)
      return detection.can
        ? row(value.name, 'yes', detection.loses.join(', ') || 'nothing')
        : row(value.name, `no: ${detection.because}`, '')
    }),
  ].join('\n')
  expect(generatedSection(PAGE, 'custom-detections', table)).toBe(table)
})

it('the page names every watchlist with its columns', () => {
  const page = content.text('..', '..', PAGE)
  const rows = tableRows(
    page.slice(page.indexOf('| Watchlist |'), page.indexOf('`IdentityId` is the object id')),
  )
  expect(rows.map(([name, columns]) => [name, columns])).toEqual(
    content.watchlists().map(({ alias, csv }) => [
      `\`${alias}\``,
      (csv.split('\n')[0] ?? '')
        .split(',')
        .map((c) => `\`${c}\``)
        .join(', '),
    ]),
  )
})
