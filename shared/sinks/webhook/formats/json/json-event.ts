import { type EventFields, slotOf } from '../../../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../../../domain/exported-event.ts'
import { Form } from '../../../../domain/form.ts'
import type { ByteWriter } from '../../../../encoding/byte-writer.ts'
import { sequence } from '../../supersedence.ts'
import type { EventEncoder } from '../../webhook-format.ts'

const EVENT = slotOf('event')

const PLACE = new Form([
  sequence,
  [',"position":{"namespace":', 'namespace'],
  [',"hub":', 'hub'],
  [',"partition":', 'partition'],
  [',"sequenceNumber":', 'sequenceNumber'],
  [',"enqueuedAt":', 'enqueuedAt'],
  [',"ordinal":', 'ordinal'],
  [',"of":', 'of'],
  ['},"archive":{"blob":', 'blob'],
  [',"line":', 'line'],
  [',"digest":', 'digest'],
  '}}',
])

/**
 * One event as a JSON object on one line: the members of the event, byte for byte as archived, then
 * `sequence`, a string whose greatest value per identity is the latest (`supersedence.ts`), and
 * where it came from and where its evidence is. docs/schemas/event.schema.json describes it.
 */
export const jsonEvent: EventEncoder = {
  write(out: ByteWriter, fields: EventFields, archived: ArchivedEvent): void {
    // Without its closing brace; never empty.
    out.copy(fields.memory, fields.start(EVENT), fields.end(EVENT) - 1)
    PLACE.write(out, fields, archived)
  },
}
