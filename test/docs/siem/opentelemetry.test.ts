import { expect, it } from 'vitest'
import { ByteWriter } from '../../../shared/encoding/byte-writer.ts'
import { otlpLog } from '../../../shared/sinks/webhook/formats/otlp/log-record.ts'
import { mappingTable, type ReadEvent } from '../../support/fields/mapping-table.ts'
import { generatedSection } from '../../support/generated-section.ts'
import { logsOf } from '../../support/otlp-request.ts'

/** A log record without its body, which has every field, attributes by their names. */
const read: ReadEvent = (archived) => {
  const out = new ByteWriter(4096)
  otlpLog.write(out, archived.event.fields, archived)
  const [log] = logsOf(out.since(0))
  const { body: _, attributes, resource, ...others } = log ?? {}
  return { ...others, ...attributes, ...resource }
}

it('the page of OpenTelemetry has the table of fields as the program writes them', () => {
  const table = mappingTable(read, 'Log record')
  expect(generatedSection('docs/siem/opentelemetry.md', 'otlp-mapping', table)).toBe(table)
})
