import type { Json } from '../../../../shared/encoding/json.ts'
import type { KqlType } from './model.ts'
import { NotCovered } from './not-covered.ts'
import { spanText, timeText } from './time-text.ts'

/** The empty value of a type: texts have no null. */
export const emptyOf = (type: KqlType): Json => (type === 'string' ? '' : null)

export const TYPES: readonly KqlType[] = [
  'bool',
  'int',
  'long',
  'real',
  'datetime',
  'timespan',
  'string',
  'dynamic',
]

/** A type as a query writes it. */
export const typeOf = (name: string): KqlType => {
  const known = TYPES.find((type) => type === name)
  if (known === undefined) throw new NotCovered(`the type ${name}`)
  return known
}

const NUMBERS: ReadonlySet<KqlType> = new Set(['int', 'long', 'real'])
export const isNumber = (type: KqlType): boolean => NUMBERS.has(type)

/** The type that values of both types take together; `undefined` where they do not. */
export const commonType = (a: KqlType, b: KqlType): KqlType | undefined => {
  if (a === b) return a
  if (!isNumber(a) || !isNumber(b)) return undefined
  return a === 'real' || b === 'real' ? 'real' : 'long'
}

/** Text of a value as `tostring()` gives it. */
export const textOf = (value: Json, type: KqlType): string => {
  if (value === null) return ''
  if (type === 'datetime') return timeText(value as number)
  if (type === 'timespan') return spanText(value as number)
  if (type === 'bool') throw new NotCovered('the text of a bool')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A value as it stands within a dynamic one. */
export const dynamicOf = (value: Json, type: KqlType): Json =>
  value !== null && (type === 'datetime' || type === 'timespan') ? textOf(value, type) : value

/** Negative where the first comes before the second; nulls, which Kusto puts by its own rule, are none here. */
export const compare = (a: Json, b: Json): number => {
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : Number(a > b)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  throw new NotCovered(`an order of ${JSON.stringify(a)} and ${JSON.stringify(b)}`)
}

/** A key by which equal values, and no others, are equal; the order within an object says nothing. */
export const keyOf = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(keyOf).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${keyOf(member)}`)
    .sort()
    .join()}}`
}

/** The first of each key, in order. */
export const firstOfEach = <T>(items: readonly T[], keyFor: (item: T) => string): readonly T[] => {
  const found = new Map<string, T>()
  for (const item of items) {
    const key = keyFor(item)
    if (!found.has(key)) found.set(key, item)
  }
  return [...found.values()]
}

/** The values without those that came before. */
export const distinct = (values: readonly Json[]): readonly Json[] => firstOfEach(values, keyOf)
