import { expect, it } from 'vitest'
import { cefEvent } from '../../../shared/sinks/webhook/formats/cef/cef-event.ts'
import { textOf } from '../../support/event-forms.ts'
import { mappingTable, type ReadEvent } from '../../support/fields/mapping-table.ts'
import { generatedSection } from '../../support/generated-section.ts'
import { parseCef } from '../../support/parse-cef.ts'

/** A line without the event's JSON, which has every field. */
const read: ReadEvent = (archived) => {
  const { header, extensions } = parseCef(textOf(cefEvent, archived))
  const [, , , , signatureId, name, severity] = header
  const { event: _, ...others } = extensions
  return { signatureId, name, severity, ...others }
}

it('the page of QRadar has the table of extensions as the program writes them', () => {
  const table = mappingTable(read, 'CEF')
  expect(generatedSection('docs/siem/qradar.md', 'cef-mapping', table)).toBe(table)
})
