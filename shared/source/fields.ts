import type { EventFields, Slot } from '../domain/event-fields.ts'
import { type Fault, recordFault } from '../domain/fault.ts'
import type { ByteWriter } from '../encoding/byte-writer.ts'
import { isJsonObject, type Json } from '../encoding/json.ts'
import { OPEN_OBJECT, QUOTE } from '../encoding/json-bytes.ts'
import { parseAt } from '../encoding/written-json.ts'
import type { Members } from './members.ts'
import { type ObjectShape, shapeOf } from './object-shape.ts'
import { unwrapped } from './parse-nested-json.ts'
import { saysNothing } from './says-nothing.ts'
import { type Walk, walkOf } from './walk.ts'

/**
 * How a value becomes a field: writes its canonical JSON, or finds that the value is that already,
 * and notes where it lies.
 * @returns false where the value is of no use
 */
export type Rule = (event: EventFields, slot: Slot, start: number, end: number) => boolean

/** What members lie in. */
export interface Bytes {
  readonly bytes: Buffer
}

const EMPTY_TEXT_BYTES = 2

/**
 * Reads fields of an object by their names, whatever their case, tolerant of how scalars are
 * written, and remembers which were read: what was not, or could not be, is left for `extra`.
 * Nothing optional that is odd costs the record: it is absent.
 */
export class Fields {
  /** That a field without which there is no fact is missing, or no text. */
  fault: Fault | undefined
  readonly #memory: ByteWriter
  #source: Bytes
  readonly #path: string
  readonly #walk: Walk
  readonly #members: Members
  readonly #shape: ObjectShape
  readonly #unusable: number[] = []

  /**
   * @param memory takes the fields
   * @param source what the members lie in
   * @param path what stands before a field's name in the record, as `properties.`
   * @param members memory for the offsets, in use for as long as the fields are
   */
  constructor(memory: ByteWriter, source: Bytes, path: string, walk: Walk, members: Members) {
    this.#memory = memory
    this.#source = source
    this.#path = path
    this.#walk = walk
    this.#members = members
    members.take(walk)
    this.#shape = shapeOf(members, source.bytes)
  }

  /**
   * The members lie in memory from now on: fields are places there.
   * @param place copies their bytes into memory, and says where; not called if they lie there
   */
  moveIntoMemory(place: () => number): void {
    if (this.#source === this.#memory) return
    this.#members.base += place()
    this.#source = this.#memory
  }

  #isNothing(member: number): boolean {
    const value = this.#shape.lastOf(member)
    return saysNothing(this.#source.bytes, this.#members.valueStart(value), this.#members.valueEnd(value))
  }

  /** Of members whose names differ in case alone, the first that says something, or else the first. */
  #member(name: string): number | undefined {
    const called = this.#shape.called(name)
    return called.length < 2 ? called[0] : this.#sayingFirst(called)
  }

  #sayingFirst(members: readonly number[]): number | undefined {
    return members.find((member) => !this.#isNothing(member)) ?? members[0]
  }

  /** The member that says something and is to be read; `undefined` where there is none. */
  #toRead(name: string): number | undefined {
    const member = this.#member(name)
    if (member === undefined) return undefined
    this.#members.read(member)
    return this.#isNothing(member) ? undefined : this.#shape.lastOf(member)
  }

  has(name: string): boolean {
    return this.#toRead(name) !== undefined
  }

  /** A field by its rule; one that is of no use is left for `extra`. */
  read(name: string, rule: Rule, event: EventFields, slot: Slot): boolean {
    const member = this.#toRead(name)
    if (member === undefined) return false
    if (rule(event, slot, this.#members.valueStart(member), this.#members.valueEnd(member))) return true
    this.#leave(name)
    return false
  }

  #parse(member: number): Json {
    return parseAt(this.#source.bytes, this.#members.valueStart(member), this.#members.valueEnd(member))
  }

  #leave(name: string): void {
    const member = this.#member(name)
    if (member !== undefined) this.#unusable.push(member)
  }

  /** The first of these fields that its rule can use. */
  readFirst(names: readonly string[], rule: Rule, event: EventFields, slot: Slot): boolean {
    // No iterator: it would be most of what the reading of a record allocates.
    for (let i = 0; i < names.length; i += 1)
      if (this.read(names[i] as string, rule, event, slot)) return true
    return false
  }

  /**
   * A field that makes the fact what it is: without it there is a fault, not a guess.
   */
  require(names: readonly [string, ...string[]], rule: Rule, event: EventFields, slot: Slot): void {
    if (this.readFirst(names, rule, event, slot)) return
    const invalid = names.find((name) => this.has(name))
    if (invalid === undefined) this.#faulty('fieldMissing', names[0], 'is missing or empty')
    else this.#faulty('fieldInvalid', invalid, 'is not a text')
  }

  /** A field's value, by a parser that gives `undefined` for what it cannot use. */
  parsed<T>(name: string, parse: (value: Json) => T | undefined): T | undefined {
    const member = this.#toRead(name)
    if (member === undefined) return undefined
    const result = parse(this.#parse(member))
    if (result === undefined) this.#leave(name)
    return result
  }

  /**
   * The fields of an object, also of one that is sent as JSON text; `unusable` where there is
   * something else.
   */
  object(name: string, members: Members): Fields | 'unusable' | undefined {
    const member = this.#toRead(name)
    if (member === undefined) return undefined
    const path = `${name}.`
    const start = this.#members.valueStart(member)
    if (this.#memory.bytes[start] === OPEN_OBJECT) {
      const { tape, to, level } = this.#walk
      const { base } = this.#members
      const from = this.#members.onTape(member) + 1
      return new Fields(this.#memory, this.#memory, path, { tape, from, to, level: level + 1, base }, members)
    }
    const object = unwrapped(this.#parse(member))
    if (isJsonObject(object))
      return new Fields(
        this.#memory,
        this.#memory,
        path,
        walkOf(this.#memory, JSON.stringify(object)),
        members,
      )
    this.#leave(name)
    return 'unusable'
  }

  /** Whether the member that a name means is called so in these very letters. */
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

  /** Writers are known to leave a nameless empty member behind. */
  #isJunk(member: number): boolean {
    if (this.#shape.names[member] !== '') return false
    const value = this.#shape.lastOf(member)
    return (
      this.#members.valueEnd(value) - this.#members.valueStart(value) === EMPTY_TEXT_BYTES &&
      this.#source.bytes[this.#members.valueStart(value)] === QUOTE
    )
  }

  /**
   * What could not be used, and what was not read and has no name that is noise, verbatim.
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
      unread.push([this.#shape.names[member] ?? '', this.#parse(this.#shape.lastOf(member))])
    }
    return unread
  }
}
