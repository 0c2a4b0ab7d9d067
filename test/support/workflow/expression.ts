/** Values of the workflow definition language: JSON. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value }

/** What an expression may ask of the run that it stands in. */
export interface Surroundings {
  readonly parameters: Readonly<Record<string, Value>>
  readonly trigger: Value
  /** The answer of an action that has run, null for one that was skipped. */
  readonly body: (action: string) => Value
  /** The current item of a loop around, by its name. */
  readonly items: (loop: string) => Value
  /** The current item of Select or Query. */
  readonly item: () => Value
}

export class ExpressionError extends Error {}

const isObject = (value: Value): value is { readonly [name: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function textOf(value: Value | undefined): string {
  if (typeof value !== 'string') throw new ExpressionError(`a text is wanted, not ${JSON.stringify(value)}`)
  return value
}
function listOf(value: Value | undefined): readonly Value[] {
  if (!Array.isArray(value)) throw new ExpressionError(`a list is wanted, not ${JSON.stringify(value)}`)
  return value
}
function numberOf(value: Value | undefined): number {
  if (typeof value !== 'number') throw new ExpressionError(`a number is wanted, not ${JSON.stringify(value)}`)
  return value
}
const sizeOf = (value: Value | undefined): number =>
  typeof value === 'string' ? value.length : listOf(value).length
const parseJson = (text: string): Value => JSON.parse(text)
const written = (value: Value): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** The functions that our playbooks use, as their reference says. */
const FUNCTIONS: Readonly<Record<string, (...args: readonly Value[]) => Value>> = {
  and: (...values) => values.every((value) => value === true),
  coalesce: (...values) => values.find((value) => value !== null) ?? null,
  contains: (whole, part) =>
    typeof whole === 'string' ? whole.includes(textOf(part)) : listOf(whole).includes(part ?? null),
  createArray: (...values) => values,
  encodeURIComponent: (text) => encodeURIComponent(textOf(text)),
  equals: (a, b) => JSON.stringify(a) === JSON.stringify(b),
  join: (list, separator) => listOf(list).map(written).join(textOf(separator)),
  json: (text) => parseJson(textOf(text)),
  length: (value) => sizeOf(value),
  min: (...numbers) => Math.min(...numbers.map(numberOf)),
  not: (value) => value !== true,
  split: (text, separator) => textOf(text).split(textOf(separator)),
  string: (value) => written(value ?? null),
  substring: (text, start, count) => textOf(text).slice(numberOf(start), numberOf(start) + numberOf(count)),
  take: (list, count) => listOf(list).slice(0, numberOf(count)),
  toLower: (text) => textOf(text).toLowerCase(),
  union: (...lists) => {
    const seen = new Map(lists.flatMap(listOf).map((value) => [JSON.stringify(value), value]))
    return [...seen.values()]
  },
}

/** Reads and evaluates one expression at once: the language is small. */
class Reader {
  #at = 0
  readonly #text: string
  readonly #around: Surroundings
  readonly #guid: () => string

  constructor(text: string, around: Surroundings, guid: () => string) {
    this.#text = text
    this.#around = around
    this.#guid = guid
  }

  whole(): Value {
    const value = this.#expression()
    if (this.#at < this.#text.length) throw new ExpressionError(`unexpected: ${this.#text.slice(this.#at)}`)
    return value
  }

  #take(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'y')
    sticky.lastIndex = this.#at
    const found = sticky.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #want(pattern: RegExp): string {
    const found = this.#take(pattern)
    if (found === undefined)
      throw new ExpressionError(`${pattern} expected at: ${this.#text.slice(this.#at)}`)
    return found
  }

  #expression(): Value {
    let value = this.#primary()
    for (;;) {
      const bracket = this.#take(/\s*\??\[/)
      if (bracket === undefined) return value
      const key = this.#expression()
      this.#want(/\s*\]/)
      value = this.#member(value, key, bracket.includes('?'))
    }
  }

  #member(of: Value, key: Value, lenient: boolean): Value {
    const found = Array.isArray(of) && typeof key === 'number' ? of[key] : undefined
    const member = isObject(of) && typeof key === 'string' ? of[key] : found
    if (member !== undefined) return member
    if (lenient) return null
    throw new ExpressionError(`no ${JSON.stringify(key)} in ${JSON.stringify(of)}`)
  }

  #primary(): Value {
    this.#take(/\s+/)
    const quoted = this.#take(/'(?:[^']|'')*'/)
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll("''", "'")
    const digits = this.#take(/-?\d+/)
    if (digits !== undefined) return Number(digits)
    const name = this.#want(/[A-Za-z]\w*/)
    if (name === 'true' || name === 'false') return name === 'true'
    this.#want(/\(/)
    const args: Value[] = []
    while (this.#take(/\s*\)/) === undefined) {
      if (args.length > 0) this.#want(/\s*,/)
      args.push(this.#expression())
    }
    return this.#call(name, args)
  }

  #call(name: string, args: readonly Value[]): Value {
    const { parameters, trigger, body, items, item } = this.#around
    const first = (): string => textOf(args[0])
    switch (name) {
      case 'parameters': {
        const value = parameters[first()]
        if (value === undefined) throw new ExpressionError(`no parameter ${first()}`)
        return value
      }
      case 'triggerBody':
        return trigger
      case 'body':
      case 'outputs':
        return body(first())
      case 'items':
        return items(first())
      case 'item':
        return item()
      case 'guid':
        return this.#guid()
    }
    const known = FUNCTIONS[name]
    if (known === undefined) throw new ExpressionError(`unknown function ${name}`)
    return known(...args)
  }
}

/** Evaluates every text of a value: `@…` as a whole, `@{…}` within a text. */
export function evaluated(value: Value, around: Surroundings, guid: () => string): Value {
  if (Array.isArray(value)) return value.map((member) => evaluated(member, around, guid))
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, evaluated(v, around, guid)]))
  if (typeof value !== 'string') return value
  if (/^@[^{@]/.test(value)) return new Reader(value.slice(1), around, guid).whole()
  return value.replaceAll(/@\{((?:[^{}']|'(?:[^']|'')*')*)\}/g, (_, inner: string) => {
    const part = new Reader(inner, around, guid).whole()
    return part === null ? '' : written(part)
  })
}
