import type { ByteWriter } from '../encoding/byte-writer.ts'
import { OPEN_OBJECT, QUOTE } from '../encoding/json-bytes.ts'
import { Literal } from '../encoding/literal.ts'
import { type EventFields, type Field, type Slot, slotOf } from './event-fields.ts'
import type { ArchivedEvent } from './exported-event.ts'

/**
 * One part of a form: constant text; text and a field's JSON, omitted if the field is absent
 * (`nonEmpty`: or an empty string); text only, if the field is present (`if`) or absent (`unless`);
 * or what makes text of each event, or writes it.
 */
export type FormPart =
  | string
  | readonly [text: string, field: Field, option?: Option]
  | TextOf
  | { readonly write: Write }

type TextOf = (archived: ArchivedEvent) => string | Literal
type Write = (out: ByteWriter, fields: EventFields, archived: ArchivedEvent) => void
type Option = 'nonEmpty' | 'if' | 'unless'

interface CompiledPart {
  readonly literal: Literal
  /** Without its comma, if it begins with one. */
  readonly first: Literal
  /** `ALWAYS`: no field. */
  readonly slot: Slot
  readonly hasValue: boolean
  readonly isForAbsent: boolean
  readonly leavesOutEmpty: boolean
  readonly write: Write | undefined
}

const ALWAYS = -1
/** Length of `""`. */
const EMPTY_TEXT_BYTES = 2

const writing =
  (textOf: TextOf): Write =>
  (out, _, archived) => {
    const text = textOf(archived)
    if (typeof text !== 'string') out.literal(text)
    else if (text !== '') out.text(text)
  }

const writeOf = (part: FormPart): Write | undefined => {
  if (typeof part === 'function') return writing(part)
  return typeof part === 'object' && 'write' in part ? part.write : undefined
}

/** One literal for all: with objects of several shapes, every read of one costs a look-up. */
function compiled(part: FormPart): CompiledPart {
  const [text, field, option] = Array.isArray(part) ? part : [typeof part === 'string' ? part : '']
  return {
    literal: new Literal(text),
    first: new Literal(text.replace(/^,/, '')),
    slot: field === undefined ? ALWAYS : slotOf(field),
    hasValue: field !== undefined && option !== 'if' && option !== 'unless',
    isForAbsent: option === 'unless',
    leavesOutEmpty: option === 'nonEmpty',
    write: writeOf(part),
  }
}

/** Constant texts that stand side by side are one. */
function joined(parts: readonly FormPart[], part: FormPart): readonly FormPart[] {
  const last = parts.at(-1)
  return typeof last === 'string' && typeof part === 'string'
    ? [...parts.slice(0, -1), last + part]
    : [...parts, part]
}

/**
 * A template for the JSON of an event, such as a table row or a CloudEvent: text and fields in
 * order. A comma right after an opening brace is omitted.
 */
export class Form {
  readonly #parts: readonly CompiledPart[]

  constructor(parts: readonly FormPart[]) {
    this.#parts = parts.reduce<readonly FormPart[]>(joined, []).map(compiled)
  }

  /** @param archived passed to the parts that make or write text; those are omitted without it */
  write(out: ByteWriter, fields: EventFields, archived?: ArchivedEvent): void {
    const start = out.length
    // No iterator: it would be garbage for each part.
    for (let i = 0; i < this.#parts.length; i += 1) {
      const part = this.#parts[i] as CompiledPart
      const { literal, first, slot, hasValue, isForAbsent, leavesOutEmpty, write } = part
      if (write !== undefined) {
        if (archived !== undefined) write(out, fields, archived)
        continue
      }
      if (slot === ALWAYS) {
        out.literal(literal)
        continue
      }
      const from = fields.start(slot)
      if (from < 0 !== isForAbsent) continue
      const to = fields.end(slot)
      if (leavesOutEmpty && to - from === EMPTY_TEXT_BYTES && fields.memory.bytes[from] === QUOTE) continue
      const isFirst = out.length > start && out.bytes[out.length - 1] === OPEN_OBJECT
      out.literal(isFirst ? first : literal)
      if (hasValue) out.copy(fields.memory, from, to)
    }
  }
}
