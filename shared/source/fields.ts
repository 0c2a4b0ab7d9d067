import { type Fault, recordFault } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { Json, JsonObject } from '../encoding/json.ts'
import { type ObjectShape, shapeOf } from './object-shape.ts'
import { asBoolean, asText, asTime, isNothing } from './scalars.ts'

/** Writers are known to leave a nameless empty member behind. */
const isJunk = (name: string, value: Json): boolean => name === '' && value === ''

const NONE: readonly string[] = []

/**
 * Reads fields of an object by their names, whatever their case, tolerant of how scalars are
 * written, and remembers which were read: what was not, or could not be, is left for `extra`.
 * Nothing optional that is odd costs the record: it is absent.
 */
export class Fields {
  /** That a field without which there is no fact is missing, or no text. */
  fault: Fault | undefined
  readonly #values: JsonObject
  readonly #shape: ObjectShape
  readonly #path: string
  readonly #read: string[] = []
  #unusable: readonly string[] = NONE

  /** @param path what stands before a field's name in the record, as `properties.` */
  constructor(values: JsonObject, path: string) {
    this.#values = values
    this.#shape = shapeOf(values)
    this.#path = path
  }

  /** Of members whose names differ in case alone, the first that says something. */
  #member(name: string): string | undefined {
    const called = this.#shape.called(name)
    if (called.length < 2) return called[0]
    return called.find((member) => !isNothing(this.#values[member] ?? null)) ?? called[0]
  }

  /** Anything that says something. */
  value(name: string): Json | undefined {
    const exact = this.#values[name]
    if (exact !== undefined && !isNothing(exact)) {
      this.#read.push(name)
      return exact
    }
    const member = this.#member(name)
    if (member === undefined) return undefined
    this.#read.push(member)
    const value = this.#values[member] ?? null
    return isNothing(value) ? undefined : value
  }

  #keep(name: string): void {
    const member = this.#member(name)
    if (member !== undefined) this.#unusable = [...this.#unusable, member]
  }

  /** By a parser, which gives `undefined` for what it cannot use: that is left for `extra`. */
  parsed<T>(name: string, parse: (value: Json) => T | undefined): T | undefined {
    const value = this.value(name)
    if (value === undefined) return undefined
    const result = parse(value)
    if (result === undefined) this.#keep(name)
    return result
  }

  /** A text, also where it is written as number or boolean. */
  text(name: string): string | undefined {
    return this.parsed(name, asText)
  }

  /** The text of a member that is called so in these very letters. */
  textInThisCase(name: string): string | undefined {
    return this.#member(name) === name ? this.text(name) : undefined
  }

  /**
   * A text that makes the fact what it is, from the first of these fields that has one: without it
   * there is a fault, not a guess.
   */
  requiredText(names: readonly [string, ...string[]]): string {
    const text = this.firstText(names)
    if (text !== undefined) return text
    const invalid = names.find((name) => this.value(name) !== undefined)
    if (invalid === undefined) this.#faulty('fieldMissing', names[0], 'is missing or empty')
    else this.#faulty('fieldInvalid', invalid, 'is not a text')
    return ''
  }

  /** The time in the first of these fields that has one. */
  firstTime(names: readonly string[]): Instant | undefined {
    for (const name of names) {
      const at = this.time(name)
      if (at !== undefined) return at
    }
    return undefined
  }

  /** The text in the first of these fields that has one. */
  firstText(names: readonly string[]): string | undefined {
    for (const name of names) {
      const text = this.text(name)
      if (text !== undefined) return text
    }
    return undefined
  }

  boolean(name: string): boolean | undefined {
    return this.parsed(name, asBoolean)
  }

  time(name: string): Instant | undefined {
    return this.parsed(name, asTime)
  }

  #faulty(code: 'fieldMissing' | 'fieldInvalid', name: string, problem: string): void {
    const field = this.#path + name
    this.fault ??= recordFault(code, `The field ${field} ${problem}. Check what the sender writes.`, {
      field,
    })
  }

  /**
   * What could not be used, and what was not read and has no name that is noise, verbatim.
   * @param noise names in lower case
   */
  unread(noise: ReadonlySet<string>): readonly (readonly [string, Json])[] {
    const { names } = this.#shape
    const candidates = this.#unusable.length === 0 ? this.#shape.outside(noise) : names
    const unread: (readonly [string, Json])[] = []
    for (const name of candidates) {
      const isUsed = this.#read.includes(name) || noise.has(name.toLowerCase())
      if (isUsed && !this.#unusable.includes(name)) continue
      const value = this.#values[name] ?? null
      if (!isJunk(name, value)) unread.push([name, value])
    }
    return unread
  }
}
