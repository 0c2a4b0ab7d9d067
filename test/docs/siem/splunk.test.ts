import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hecEvent, SOURCETYPES } from '../../../shared/sinks/webhook/formats/splunk-hec/hec-event.ts'
import { textOf } from '../../support/event-forms.ts'
import { tableOf } from '../../support/fields/field-tables.ts'
import { mappingTable } from '../../support/fields/mapping-table.ts'
import { generatedSection } from '../../support/generated-section.ts'

const PAGE = 'docs/siem/splunk.md'
const encoder = hecEvent({ splunkIndex: undefined, splunkTime: 'arrival' })

const mapping = mappingTable((event) => {
  const { event: _, fields, ...around } = JSON.parse(textOf(encoder, event))
  return { ...around, ...fields }
}, 'Splunk')

const searches = [
  ...readFileSync('integrations/splunk/TA-entra-risk-export/default/savedsearches.conf', 'utf8').matchAll(
    /^\[(.+)\]\ndescription = (.+)\nsearch = ((?:.*\\\n)*.*)$/gm,
  ),
].map(([, name = '', description = '', search = '']) => ({
  name,
  description,
  search: search.replaceAll('\\\n', '\n'),
}))

test.each([
  ['mapping', mapping],
  [
    'searches',
    tableOf(
      ['search', 'finds'],
      searches.map(({ name, description }) => [name, description]),
    ),
  ],
  ['starter', `\`\`\`spl\n${searches[0]?.search ?? ''}\n\`\`\``],
])('the page of Splunk has the %s as the program has it', (name, content) => {
  expect(generatedSection(PAGE, name, content)).toBe(content)
})

test('it names every source type', () => {
  const page = readFileSync(PAGE, 'utf8')
  for (const sourcetype of SOURCETYPES) expect(page).toContain(`\`${sourcetype}\``)
})
