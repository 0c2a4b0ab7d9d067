import type { EventFields, Slot } from '../domain/event-fields.ts'
import { type Fault, recordFault } from '../domain/fault.ts'
import type { ByteWriter } from '../encoding/byte-writer.ts'
import type { BytesMemo } from '../encoding/bytes-memo.ts'
import { isJsonObject, type Json } from '../encoding/json.ts'
import { OPEN_OBJECT, QUOTE } from '../encoding/json-bytes.ts'
import { parseAt } from '../encoding/written-json.ts'
import { isBlankAt } from './blank-value.ts'
import { MemberTape } from './member-tape.ts'
import { Members } from './members.ts'
import { ABSENT, ObjectShape, SEVERAL, shapeOf } from './object-shape.ts'
import { decodeNestedJson } from './parse-nested-json.ts'
import { type Walk, walkOf } from './walk.ts'

/**
 * Sets a field from a value: references its bytes if they are canonical JSON already, else appends
 * the canonical JSON.
 * @returns false if the value is unusable
 */
export type Rule = (event: EventFields, slot: Slot, start: number, end: number) => boolean

/** Maps record fields to an event field; the first usable one is taken. */
export interface FieldRule {
  readonly slot: Slot
  readonly rule: Rule
  readonly names: readonly string[]
}

/** The buffer that contains the members. */
export interface Bytes {
  readonly bytes: Buffer
}

const EMPTY_TEXT_BYTES = 2

const NOWHERE: Walk = { tape: new MemberTape(), from: 0, to: 0, level: 0, base: 0 }
const NO_NAMES = new ObjectShape([], Buffer.alloc(0))

/**
 * Reads the members of an object by name, case-insensitive and tolerant of scalar types, and keeps
 * track of what was read: the rest, and unusable values, go to `extra`. An unusable optional
 * value is absent; it never makes the record faulty. Reads one object after another.
 */
export class Fields {
  /** Set if a required field is missing or unusable. */
  fault: Fault | undefined
  readonly #memory: ByteWriter
  #source: Bytes
  readonly #path: string
  #walk = NOWHERE
  readonly #members = new Members()
  #shape = NO_NAMES
  #unusable: number[] = []

  /**
   * @param memory receives the fields
   * @param path prefix of the names in faults, such as `properties.`
   */
  constructor(memory: ByteWriter, path: string) {
    this.#memory = memory
    this.#source = memory
    this.#path = path
  }

  /** Goes to another object, whose members `source` contains. */
  at(source: Bytes, walk: Walk): this {
    this.fault = undefined
    this.#source = source
    this.#walk = walk
    this.#members.take(walk)
    this.#shape = shapeOf(this.#members, source.bytes)
    if (this.#unusable.length > 0) this.#unusable = []
    return this
  }

  /**
   * Moves the members into `memory`, so that fields can reference their bytes.
   * @param place copies the bytes into memory and gives their offset; not called if already there
   */
  moveIntoMemory(place: () => number): void {
    if (this.#source === this.#memory) return
    this.#members.base += place()
    this.#source = this.#memory
  }

  #isBlank(member: number): boolean {
    return isBlankAt(this.#source.bytes, this.#members.valueStart(member), this.#members.valueEnd(member))
  }

  /** Of members whose names differ only in case, the first that is not blank, else the first. */
  #member(name: string): number | undefined {
    const called = this.#shape.called(name)
    return called.length < 2 ? called[0] : this.#firstNonBlank(called)
  }

  #firstNonBlank(members: readonly number[]): number | undefined {
    return members.find((member) => !this.#isBlank(member)) ?? members[0]
  }

  /** Marks a member as read. @returns whether it has a value */
  #take(member: number): boolean {
    this.#members.read(member)
    return !this.#isBlank(member)
  }

  /** Takes the member with this name; `undefined` if it is missing or blank. */
  #toRead(name: string): number | undefined {
    const member = this.#member(name)
    return member !== undefined && this.#take(member) ? member : undefined
  }

  has(name: string): boolean {
    return this.#toRead(name) !== undefined
  }

  /** Sets a field by its rule; an unusable value is left for `extra`. */
  read(name: string, rule: Rule, event: EventFields, slot: Slot): boolean {
    const member = this.#toRead(name)
    return member !== undefined && this.#set(member, rule, event, slot)
  }

  #set(member: number, rule: Rule, event: EventFields, slot: Slot): boolean {
    if (rule(event, slot, this.#members.valueStart(member), this.#members.valueEnd(member))) return true
    this.#unusable.push(member)
    return false
  }

  /** Sets the fields of a list that is used for many records. */
  readAll(rules: readonly FieldRule[], event: EventFields): void {
    const only = this.#shape.onlyMembers(rules)
    for (let i = 0; i < rules.length; i += 1) {
      const member = only[i] as number
      if (member === ABSENT) continue
      const { names, rule, slot } = rules[i] as FieldRule
      if (member === SEVERAL) this.readFirst(names, rule, event, slot)
      else if (this.#take(member)) this.#set(member, rule, event, slot)
    }
  }

  #parse(member: number): Json {
    return parseAt(this.#source.bytes, this.#members.valueStart(member), this.#members.valueEnd(member))
  }

  /** Sets a field from the first of these members that its rule can use. */
  readFirst(names: readonly string[], rule: Rule, event: EventFields, slot: Slot): boolean {
    // No iterator: it would dominate the allocations of reading a record.
    for (let i = 0; i < names.length; i += 1)
      if (this.read(names[i] as string, rule, event, slot)) return true
    return false
  }

  /** Sets a required field, or sets `fault`. */
  require(names: readonly [string, ...string[]], rule: Rule, event: EventFields, slot: Slot): void {
    if (this.readFirst(names, rule, event, slot)) return
    const invalid = names.find((name) => this.has(name))
    if (invalid === undefined) this.#faulty('fieldMissing', names[0], 'is missing or empty')
    else this.#faulty('fieldInvalid', invalid, 'is not a text')
  }

  /** A parsed value; one for which `parse` gives `undefined` is left for `extra`. */
  parsed<T>(name: string, parse: (value: Json) => T | undefined): T | undefined {
    const member = this.#toRead(name)
    if (member === undefined) return undefined
    const result = parse(this.#parse(member))
    if (result === undefined) this.#unusable.push(member)
    return result
  }

  /** A value as it is made by a memo; one of which it makes `undefined` is left for `extra`. */
  made<T>(name: string, memo: BytesMemo<T | undefined>): T | undefined {
    const member = this.#toRead(name)
    if (member === undefined) return undefined
    const { bytes } = this.#source
    const result = memo.of(bytes, this.#members.valueStart(member), this.#members.valueEnd(member))
    if (result === undefined) this.#unusable.push(member)
    return result
  }

  /**
   * The fields of an object, or of one sent as JSON text; `unusable` for any other value.
   * @param inner goes to that object
   */
  object(name: string, inner: Fields): Fields | 'unusable' | undefined {
    const member = this.#toRead(name)
    if (member === undefined) return undefined
    const start = this.#members.valueStart(member)
    if (this.#memory.bytes[start] === OPEN_OBJECT) {
      const { tape, to, level } = this.#walk
      const { base } = this.#members
      const from = this.#members.onTape(member) + 1
      return inner.at(this.#memory, { tape, from, to, level: level + 1, base })
    }
    const object = decodeNestedJson(this.#parse(member))
    if (isJsonObject(object)) return inner.at(this.#memory, walkOf(this.#memory, JSON.stringify(object)))
    this.#unusable.push(member)
    return 'unusable'
  }

  /** Whether a member exists with exactly this case. */
  isInThisCase(name: string): boolean {
    const member = this.#member(name)
    return member !== undefined && this.#shape.names[member] === name
  }

  #faulty(code: 'fieldMissing' | 'fieldInvalid', name: string, problem: string): void {
    const field = this.#path + name
    this.fault ??= recordFault(code, `The field ${field} ${problem}. Check what the sender writes.`, {
      field,
    })
  }

  /** Some writers leave an empty member without a name: `"":""`. */
  #isJunk(member: number): boolean {
    if (this.#shape.names[member] !== '') return false
    const start = this.#members.valueStart(member)
    return this.#members.valueEnd(member) - start === EMPTY_TEXT_BYTES && this.#source.bytes[start] === QUOTE
  }

  /**
   * Unusable values, and members not read, except those in `noise`; verbatim.
   * @param noise names in lower case
   */
  unread(noise: ReadonlySet<string>): readonly (readonly [string, Json])[] {
    const unread: (readonly [string, Json])[] = []
    const unknown = this.#shape.outside(noise)
    const candidates =
      this.#unusable.length === 0
        ? unknown
        : [...new Set([...unknown, ...this.#unusable])].sort((a, b) => a - b)
    for (const member of candidates) {
      const isUsed = this.#members.isRead(member) && !this.#unusable.includes(member)
      if (isUsed || this.#isJunk(member)) continue
      unread.push([this.#shape.names[member] ?? '', this.#parse(member)])
    }
    return unread
  }
}
