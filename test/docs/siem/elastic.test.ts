import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DATASETS, ecsDocument } from '../../../shared/sinks/webhook/formats/elastic-bulk/ecs-document.ts'
import { textOf } from '../../support/event-forms.ts'
import { tableOf } from '../../support/fields/field-tables.ts'
import { mappingTable } from '../../support/fields/mapping-table.ts'
import { generatedSection } from '../../support/generated-section.ts'

const PAGE = 'docs/siem/elastic.md'
const page = readFileSync(PAGE, 'utf8')

const mapping = mappingTable((event) => {
  const [, document = ''] = textOf(ecsDocument('default'), event).split('\n')
  const { entra_risk: _, ...around } = JSON.parse(document)
  return around
}, 'Elastic')

const rules = readFileSync('integrations/elastic/rules.ndjson', 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))
const rulesTable = tableOf(
  ['rule', 'severity', 'raised when'],
  rules.map(({ name, severity, description }) => [name, severity, description]),
)

test.each([
  ['mapping', mapping],
  ['rules', rulesTable],
])('the page of Elastic has the %s as the program has it', (name, content) => {
  expect(generatedSection(PAGE, name, content)).toBe(content)
})

test('it names every data stream', () => {
  for (const dataset of DATASETS) expect(page).toContain(dataset.replace(/^entra_risk\.(?!detection)/, '…'))
})

test('what it installs is there', () => {
  const named = [...page.matchAll(/\b[\w-]+\.(?:json|ndjson)\b(?<!schema\.json)/g)].map(([file]) => file)
  for (const file of new Set(named))
    expect(() => readFileSync(`integrations/elastic/${file}`), file).not.toThrow()
})
