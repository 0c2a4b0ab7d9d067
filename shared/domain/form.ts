import type { ByteWriter } from '../encoding/byte-writer.ts'
import { COMMA, OPEN_OBJECT, QUOTE } from '../encoding/json-bytes.ts'
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

type TextOf = (archived: ArchivedEvent) => string | Uint8Array
type Write = (out: ByteWriter, fields: EventFields, archived: ArchivedEvent) => void
type Option = 'nonEmpty' | 'if' | 'unless'

interface CompiledPart {
  readonly literal: Uint8Array
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
    if (typeof text !== 'string') out.all(text)
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
    literal: Buffer.from(text),
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
      const { literal, slot, hasValue, isForAbsent, leavesOutEmpty, write } = this.#parts[i] as CompiledPart
      if (write !== undefined) {
        if (archived !== undefined) write(out, fields, archived)
        continue
      }
      if (slot === ALWAYS) {
        out.all(literal)
        continue
      }
      const from = fields.start(slot)
      if (from < 0 !== isForAbsent) continue
      const to = fields.end(slot)
      if (leavesOutEmpty && to - from === EMPTY_TEXT_BYTES && fields.memory.bytes[from] === QUOTE) continue
      const isFirst = literal[0] === COMMA && out.length > start && out.bytes[out.length - 1] === OPEN_OBJECT
      if (isFirst) out.copy(literal as Buffer, 1, literal.length)
      else out.all(literal)
      if (hasValue) out.copy(fields.memory.bytes, from, to)
    }
  }
}
