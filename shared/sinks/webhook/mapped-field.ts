import { type Field, slotOf } from '../../domain/event-fields.ts'
import type { ArchivedEvent } from '../../domain/exported-event.ts'
import type { FormPart } from '../../domain/form.ts'
import { instantAt } from '../../domain/iso-instant.ts'
import { BytesMemo } from '../../encoding/bytes-memo.ts'
import type { Json } from '../../encoding/json.ts'
import { Literal } from '../../encoding/literal.ts'
import { parseJson, parseText } from '../../encoding/written-json.ts'

/** A part of a form that makes text of an event. */
export type MadePart = (archived: ArchivedEvent) => string

/** What is made of a field's JSON; the last result is kept, since values often repeat. */
function madeOf<T>(field: Field, make: (json: string) => T, absent: T): (archived: ArchivedEvent) => T {
  const slot = slotOf(field)
  const memo = new BytesMemo(make)
  return ({ event: { fields } }) =>
    fields.has(slot) ? memo.of(fields.memory.bytes, fields.start(slot), fields.end(slot)) : absent
}

/** Text made of one field's JSON; none if the field is absent. */
export const fieldText = (field: Field, make: (json: string) => string): MadePart => madeOf(field, make, '')

/** Text made of a field that holds a text. */
export const mapped = (field: Field, make: (text: string | undefined) => string): MadePart =>
  madeOf(field, (json) => make(parseText(json)), make(undefined))

/** The same, for a part that is written as it is. */
export const mappedLiteral = (
  field: Field,
  make: (text: string | undefined) => string,
): ((archived: ArchivedEvent) => Literal) =>
  madeOf(field, (json) => new Literal(make(parseText(json))), new Literal(make(undefined)))

/** A field that holds an instant, in milliseconds since 1970; nothing if it is absent. */
export function inMilliseconds(text: string, field: Field): FormPart {
  const slot = slotOf(field)
  const literal = new Literal(text)
  return {
    write(out, fields) {
      if (!fields.has(slot)) return
      out.literal(literal)
      out.integer(instantAt(fields.memory.bytes, fields.start(slot) + 1))
    },
  }
}

/** Text made of a field of any form; nothing if it is absent. */
export const made = (field: Field, make: (value: Json) => string): MadePart =>
  madeOf(field, (json) => make(parseJson(json)), '')
