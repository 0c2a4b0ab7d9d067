import type { ByteWriter } from '../encoding/byte-writer.ts'
import { COMMA, OPEN_OBJECT } from '../encoding/json-bytes.ts'
import { type EventFields, type Field, type Slot, slotOf } from './event-fields.ts'
import type { ArchivedEvent } from './exported-event.ts'

/**
 * One part of a form: text that is always there; a field's JSON after some text, both left out
 * where the field is absent (`nonEmpty`: or an empty text); text alone, where a field is there
 * (`if`); or a text that is made for each event.
 */
export type FormPart =
  | string
  | readonly [text: string, field: Field]
  | readonly [text: string, field: Field, option: 'nonEmpty' | 'if']
  | ((archived: ArchivedEvent) => string)

interface CompiledPart {
  readonly literal: Uint8Array
  /** -1: none, the literal stands alone. */
  readonly slot: Slot
  readonly hasValue: boolean
  readonly leavesOutEmpty: boolean
  readonly make: ((archived: ArchivedEvent) => string) | undefined
}

const ALWAYS = -1
/** Of `""`. */
const EMPTY_TEXT_BYTES = 2

function compiled(part: FormPart): CompiledPart {
  const [text, field, option] = Array.isArray(part) ? part : [typeof part === 'string' ? part : '']
  return {
    literal: Buffer.from(text),
    slot: field === undefined ? ALWAYS : slotOf(field),
    hasValue: field !== undefined && option !== 'if',
    leavesOutEmpty: option === 'nonEmpty',
    make: typeof part === 'function' ? part : undefined,
  }
}

/**
 * A form of events, such as a row or a CloudEvent, as data: text and fields in the order in which
 * they are written. A comma that would follow an opening brace is left out.
 */
export class Form {
  readonly #parts: readonly CompiledPart[]

  constructor(parts: readonly FormPart[]) {
    this.#parts = parts.map(compiled)
  }

  /**
   * Writes an event in this form.
   * @param archived for texts that are made for each event
   */
  write(out: ByteWriter, fields: EventFields, archived?: ArchivedEvent): void {
    const start = out.length
    for (const { literal, slot, hasValue, leavesOutEmpty, make } of this.#parts) {
      if (make !== undefined) {
        if (archived !== undefined) out.text(make(archived))
        continue
      }
      if (slot === ALWAYS) {
        out.all(literal)
        continue
      }
      const from = fields.start(slot)
      if (from < 0) continue
      const to = fields.end(slot)
      if (leavesOutEmpty && to - from === EMPTY_TEXT_BYTES) continue
      const isFirst = literal[0] === COMMA && out.length > start && out.bytes[out.length - 1] === OPEN_OBJECT
      if (isFirst) out.copy(literal as Buffer, 1, literal.length)
      else out.all(literal)
      if (hasValue) out.copy(fields.memory.bytes, from, to)
    }
  }
}
