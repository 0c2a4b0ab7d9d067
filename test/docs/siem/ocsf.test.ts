import { describe, expect, it } from 'vitest'
import { ocsfEvent } from '../../../shared/sinks/webhook/formats/ocsf/ocsf-event.ts'
import { textOf } from '../../support/event-forms.ts'
import { lostFields, mappingTable, type ReadEvent } from '../../support/fields/mapping-table.ts'
import { generatedSection } from '../../support/generated-section.ts'

const read: ReadEvent = (archived) => JSON.parse(textOf(ocsfEvent, archived))

describe('the page of OCSF', () => {
  it('has the table of fields as the program writes them', () => {
    const table = mappingTable(read, 'OCSF')
    expect(generatedSection('docs/siem/ocsf.md', 'ocsf-mapping', table)).toBe(table)
  })

  it('tells of every field that an event can have: nothing is lost', () => {
    expect(lostFields(read)).toEqual([])
  })
})
