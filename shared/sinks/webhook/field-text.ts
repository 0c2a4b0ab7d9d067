import { type Field, slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { BytesMemo } from '../../encoding/bytes-memo.ts'

/**
 * A part of a form: text made of one field's JSON; none if the field is absent. The last result is
 * kept, since values often repeat.
 */
export function fieldText(field: Field, make: (json: string) => string): (archived: ArchivedEvent) => string {
  const slot = slotOf(field)
  const memo = new BytesMemo(make)
  return ({ event: { fields } }) =>
    fields.has(slot) ? memo.of(fields.memory.bytes, fields.start(slot), fields.end(slot)) : ''
}
