import type { Json, JsonObject } from '../../json.ts'
import { badRequest, type GraphError, isGraphError } from '../graph-error.ts'
import { sortableTime } from '../graph-time.ts'
import type { EntityType, Operator } from './entity-type.ts'

export type Predicate = (object: JsonObject) => boolean

const TOKEN = /\s*(?:([(),])|'((?:[^']|'')*)'|([^\s(),']+))/y

interface Token {
  readonly kind: 'sign' | 'text' | 'word'
  readonly value: string
}

const invalid = (why: string): GraphError => badRequest(`Invalid filter clause: ${why}`)

function tokensOf(filter: string): readonly Token[] | GraphError {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const { length } = filter.trimEnd()
  while (TOKEN.lastIndex < length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(filter)
    if (match === null) return invalid(`There is an unterminated string literal at position ${at}.`)
    const [, sign, text, word = ''] = match
    if (sign !== undefined) tokens.push({ kind: 'sign', value: sign })
    else if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") })
    else tokens.push({ kind: 'word', value: word })
  }
  return tokens
}

const literal = ({ kind, value }: Token): Json => {
  if (kind === 'text') return value
  switch (value) {
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    default:
      return value
  }
}

const comparable = (value: Json | undefined): Json =>
  typeof value === 'string' ? (sortableTime(value) ?? value) : (value ?? null)

function comparison(property: string, operator: Operator, wanted: Json): Predicate {
  const right = comparable(wanted)
  return (object) => {
    const left = comparable(object[property])
    if (operator === 'eq') return left === right
    if (typeof left !== 'string' || typeof right !== 'string') return false
    if (operator === 'startsWith') return left.toLowerCase().startsWith(right.toLowerCase())
    return operator === 'ge' ? left >= right : left <= right
  }
}

/** Reads one filter. Each method reads from where the one before stopped. */
class FilterReader {
  readonly #tokens: readonly Token[]
  readonly #type: EntityType
  #at = 0

  constructor(tokens: readonly Token[], type: EntityType) {
    this.#tokens = tokens
    this.#type = type
  }

  whole(): Predicate | GraphError {
    const predicate = this.#either()
    const rest = this.#tokens[this.#at]
    return isGraphError(predicate) || rest === undefined
      ? predicate
      : invalid(`Syntax error at '${rest.value}'.`)
  }

  #either(): Predicate | GraphError {
    return this.#joined('or', () => this.#joined('and', () => this.#term()))
  }

  #joined(word: 'and' | 'or', part: () => Predicate | GraphError): Predicate | GraphError {
    const parts: Predicate[] = []
    do {
      const read = part()
      if (isGraphError(read)) return read
      parts.push(read)
    } while (this.#take('word', word))
    return word === 'and'
      ? (object) => parts.every((holds) => holds(object))
      : (object) => parts.some((holds) => holds(object))
  }

  #term(): Predicate | GraphError {
    if (this.#take('sign', '(')) {
      const inner = this.#either()
      if (isGraphError(inner)) return inner
      return this.#take('sign', ')') ? inner : invalid("')' expected.")
    }
    const name = this.#tokens[this.#at++]
    if (name?.kind !== 'word') return invalid('A property name is expected.')
    if (/^startswith$/i.test(name.value)) return this.#startsWith()
    const operator = this.#tokens[this.#at++]?.value ?? ''
    if (!/^(eq|ne|gt|ge|lt|le|in)$/.test(operator)) return invalid(`Syntax error at '${operator}'.`)
    const wanted = this.#tokens[this.#at++]
    if (wanted === undefined || wanted.kind === 'sign') return invalid('A value is expected.')
    return this.#comparison(name.value, operator, literal(wanted))
  }

  #startsWith(): Predicate | GraphError {
    const [open, name, comma, wanted, close] = this.#tokens.slice(this.#at, this.#at + 5)
    this.#at += 5
    const isCall = open?.value === '(' && comma?.value === ',' && close?.value === ')'
    if (!isCall || name?.kind !== 'word' || wanted?.kind !== 'text')
      return invalid('startsWith takes a property and a string.')
    return this.#comparison(name.value, 'startsWith', wanted.value)
  }

  #comparison(property: string, operator: string, wanted: Json): Predicate | GraphError {
    const { name, properties, filters } = this.#type
    const operators = filters[property]
    const isKnown = properties === undefined || properties.includes(property)
    if (operators === undefined && !isKnown)
      return badRequest(`Could not find a property named '${property}' on type 'microsoft.graph.${name}'.`)
    const known = operators?.find((allowed) => allowed === operator)
    return known === undefined
      ? invalid(`'${operator}' is not supported on property '${property}' of type '${name}'.`)
      : comparison(property, known, wanted)
  }

  #take(kind: Token['kind'], value: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.kind !== kind || token.value !== value) return false
    this.#at += 1
    return true
  }
}

/**
 * What `$filter` selects: comparisons that are documented for the type, joined by `and`, `or` and
 * parentheses. All else is refused, even where the service is said to take it.
 */
export function parseFilter(filter: string, type: EntityType): Predicate | GraphError {
  const tokens = tokensOf(filter)
  return isGraphError(tokens) ? tokens : new FilterReader(tokens, type).whole()
}
