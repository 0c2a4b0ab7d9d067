import { type Field, slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { instantAt } from '../../domain/iso-instant.ts'
import { BytesMemo } from '../../encoding/bytes-memo.ts'
import type { Json } from '../../encoding/json.ts'
import { parseJson, parseText } from '../../encoding/written-json.ts'

/** A part of a form that makes text of an event. */
export type MadePart = (archived: ArchivedEvent) => string

/** Text made of one field's JSON; none if the field is absent. The last result is kept. */
export function fieldText(field: Field, make: (json: string) => string): MadePart {
  const slot = slotOf(field)
  const memo = new BytesMemo(make)
  return ({ event: { fields } }) =>
    fields.has(slot) ? memo.of(fields.memory.bytes, fields.start(slot), fields.end(slot)) : ''
}

/** Text made of a field that holds a text; the last result is kept, since values often repeat. */
export function mapped(field: Field, make: (text: string | undefined) => string): MadePart {
  const slot = slotOf(field)
  const memo = new BytesMemo((json) => make(parseText(json)))
  const absent = make(undefined)
  return ({ event: { fields } }) =>
    fields.has(slot) ? memo.of(fields.memory.bytes, fields.start(slot), fields.end(slot)) : absent
}

/** The same as bytes, for a part that is written as it is. */
export function mappedBytes(
  field: Field,
  make: (text: string | undefined) => string,
): (archived: ArchivedEvent) => Uint8Array {
  const slot = slotOf(field)
  const memo = new BytesMemo((json) => Buffer.from(make(parseText(json))))
  const absent = Buffer.from(make(undefined))
  return ({ event: { fields } }) =>
    fields.has(slot) ? memo.of(fields.memory.bytes, fields.start(slot), fields.end(slot)) : absent
}

/** A field that holds an instant, in milliseconds since 1970; nothing if it is absent. */
export function inMilliseconds(text: string, field: Field): MadePart {
  const slot = slotOf(field)
  return ({ event: { fields } }) =>
    fields.has(slot) ? `${text}${instantAt(fields.memory.bytes, fields.start(slot) + 1)}` : ''
}

/** Text made of a field of any form; the last result is kept. Nothing if it is absent. */
export function made(field: Field, make: (value: Json) => string): MadePart {
  const slot = slotOf(field)
  const memo = new BytesMemo((json) => make(parseJson(json)))
  return ({ event: { fields } }) =>
    fields.has(slot) ? memo.of(fields.memory.bytes, fields.start(slot), fields.end(slot)) : ''
}
