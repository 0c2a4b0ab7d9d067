import { type Fault, recordFault } from '../domain/fault.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { Json, JsonObject } from '../domain/json.ts'
import { parseAzureTime } from './parse-azure-time.ts'

/** A scalar as text. A number beyond the safe integers has lost digits already, and is no text that anybody wrote. */
function asText(value: Json): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
      return String(value)
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined
    default:
      return undefined
  }
}

const NONE: readonly (readonly [string, Json])[] = []

/**
 * Reads named fields of an object, tolerant of how scalars are written, and remembers which were read:
 * what was not, or could not be, is left for `extra`. Empty text and null are absent.
 */
export class Fields {
  /** The first field that is missing or invalid. */
  fault: Fault | undefined
  readonly #values: JsonObject
  readonly #path: string
  readonly #read: string[] = []

  /** @param path what stands before a field's name in the record, as `properties.` */
  constructor(values: JsonObject, path: string) {
    this.#values = values
    this.#path = path
  }

  /** Anything; whether it could be used is told by `keep`. */
  value(name: string): Json | undefined {
    const value = this.#values[name]
    if (value !== undefined) this.#read.push(name)
    return value
  }

  /** Takes back that a field was read: its value could not be used, and is left for `extra`. */
  keep(name: string): void {
    this.#read.splice(this.#read.indexOf(name), 1)
  }

  /** A text, also where it is written as number or boolean. */
  text(name: string): string | undefined {
    const value = this.value(name)
    if (value === undefined || value === null || value === '') return undefined
    const text = asText(value)
    if (text === undefined) this.keep(name)
    return text
  }

  /** A text that makes the fact what it is: any other value is a fault, not a guess. */
  keyText(name: string): string | undefined {
    const value = this.value(name)
    if (value === undefined || value === null || value === '') return undefined
    const text = asText(value)
    if (text === undefined) this.invalid(name, 'is not a text')
    return text
  }

  /** A key text, from the first of these fields that has one. */
  requiredText(names: readonly [string, ...string[]]): string {
    for (const name of names) {
      const text = this.keyText(name)
      if (text !== undefined) return text
    }
    this.missing(names[0])
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
    const value = this.value(name)
    if (value === undefined || value === null || value === '') return undefined
    const text = asText(value)?.toLowerCase()
    if (text === 'true') return true
    if (text === 'false') return false
    this.keep(name)
    return undefined
  }

  time(name: string): Instant | undefined {
    const value = this.value(name)
    if (value === undefined || value === null || value === '') return undefined
    const at = typeof value === 'string' ? parseAzureTime(value) : undefined
    if (at === undefined) this.invalid(name, 'is not a time in any known form')
    return at
  }

  missing(name: string): void {
    const field = this.#path + name
    this.fault ??= recordFault(
      'fieldMissing',
      `The field ${field} is missing or empty. Check what the sender writes.`,
      { field },
    )
  }

  /** What was not read, verbatim. */
  unread(isNoise: (name: string, value: Json) => boolean): readonly (readonly [string, Json])[] {
    const names = Object.keys(this.#values)
    if (names.length === this.#read.length) return NONE
    const unread: (readonly [string, Json])[] = []
    for (const name of names) {
      const value = this.#values[name] ?? null
      if (!isNoise(name, value) && !this.#read.includes(name)) unread.push([name, value])
    }
    return unread
  }

  invalid(name: string, problem: string): void {
    const field = this.#path + name
    this.fault ??= recordFault(
      'fieldInvalid',
      `The field ${field} ${problem}. Check what the sender writes.`,
      { field },
    )
  }
}
