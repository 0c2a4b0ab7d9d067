import type { ByteWriter } from '../encoding/byte-writer.ts'
import { COMMA, OPEN_OBJECT, QUOTE } from '../encoding/json-bytes.ts'
import { type EventFields, type Field, type Slot, slotOf } from './event-fields.ts'
import type { ArchivedEvent } from './exported-event.ts'

/**
 * One part of a form: constant text; text and a field's JSON, omitted if the field is absent
 * (`nonEmpty`: or an empty string); text only, if the field is present (`if`) or absent (`unless`);
 * text and an integer, omitted if there is none; or a function that makes the text for each event.
 */
export type FormPart =
  | string
  | readonly [text: string, field: Field, option?: Option]
  | readonly [text: string, number: NumberOf]
  | ((archived: ArchivedEvent) => string | Uint8Array)

type Option = 'nonEmpty' | 'if' | 'unless'
type NumberOf = (archived: ArchivedEvent) => number | undefined

interface CompiledPart {
  readonly literal: Uint8Array
  /** `ALWAYS`: no field. */
  readonly slot: Slot
  readonly hasValue: boolean
  readonly isForAbsent: boolean
  readonly leavesOutEmpty: boolean
  readonly number: NumberOf | undefined
  readonly make: ((archived: ArchivedEvent) => string | Uint8Array) | undefined
}

const ALWAYS = -1
/** Length of `""`. */
const EMPTY_TEXT_BYTES = 2

function compiled(part: FormPart): CompiledPart {
  const [text, value, option]: readonly [string, (Field | NumberOf)?, Option?] =
    typeof part === 'object' ? part : [typeof part === 'string' ? part : '']
  const field = typeof value === 'string' ? value : undefined
  return {
    literal: Buffer.from(text),
    slot: field === undefined ? ALWAYS : slotOf(field),
    hasValue: field !== undefined && option !== 'if' && option !== 'unless',
    isForAbsent: option === 'unless',
    leavesOutEmpty: option === 'nonEmpty',
    number: typeof value === 'function' ? value : undefined,
    make: typeof part === 'function' ? part : undefined,
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

  /** @param archived passed to the parts that are functions; those are omitted without it */
  write(out: ByteWriter, fields: EventFields, archived?: ArchivedEvent): void {
    const start = out.length
    for (const { literal, slot, hasValue, isForAbsent, leavesOutEmpty, number, make } of this.#parts) {
      if (make !== undefined) {
        const text = archived === undefined ? '' : make(archived)
        if (typeof text !== 'string') out.all(text)
        else if (text !== '') out.text(text)
        continue
      }
      if (number !== undefined) {
        const integer = archived === undefined ? undefined : number(archived)
        if (integer === undefined) continue
        out.all(literal)
        out.integer(integer)
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
