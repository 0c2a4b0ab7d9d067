import type { Json } from '../../../../../shared/encoding/json.ts'
import { type Scalar, scalar } from '../model.ts'
import { NotCovered } from '../not-covered.ts'
import { textOf } from '../values.ts'
import { type Builder, type Functions, oneOf, strict } from './signature.ts'

const ofOne =
  (build: (value: Scalar) => Scalar | undefined): Builder =>
  (given) => {
    const [value] = given
    return given.length === 1 && value !== undefined ? build(value) : undefined
  }

const asNumber = (text: string): number | null => {
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? null : value
}

/** A whole number of anything; null of what is none. How Kusto reads `1.5` in a text is not documented. */
const whole = (value: Json): number | null => {
  if (typeof value === 'boolean') return Number(value)
  const number = typeof value === 'string' ? asNumber(value) : value
  if (typeof value === 'string' && number !== null && !Number.isInteger(number))
    throw new NotCovered(`a whole number of ${value}`)
  return typeof number === 'number' ? Math.trunc(number) : null
}

const toWhole = (type: 'int' | 'long'): Builder =>
  ofOne((value) => scalar(type, (row, place) => whole(value.at(row, place))))

/** JSON of a text; the text itself where it is none. https://learn.microsoft.com/kusto/query/parse-json-function */
const parseOrKeep = (text: string): Json => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const rounded = (value: number, digits: number): number => {
  const scale = 10 ** digits
  return Math.round(value * scale) / scale
}

const truthOf = (text: string): boolean | null => {
  if (/^(true|1)$/i.test(text)) return true
  return /^(false|0)$/i.test(text) ? false : null
}

const parseJson: Builder = oneOf(
  strict(['string'], 'dynamic', parseOrKeep),
  strict(['dynamic'], 'dynamic', (value) => value),
)

/** https://learn.microsoft.com/kusto/query/scalar-functions#conversion-functions */
export const CONVERSIONS: Functions = {
  tostring: ofOne((value) => scalar('string', (row, place) => textOf(value.at(row, place), value.type))),
  toint: toWhole('int'),
  tolong: toWhole('long'),
  toreal: oneOf(
    strict(['real'], 'real', (value) => value),
    strict(['string'], 'real', asNumber),
  ),
  tobool: oneOf(
    strict(['bool'], 'bool', (value) => value),
    strict(['string'], 'bool', truthOf),
  ),
  parse_json: parseJson,
  todynamic: parseJson,
  round: oneOf(
    strict(['real'], 'real', (value) => rounded(value, 0)),
    strict(['real', 'long'], 'real', rounded),
  ),
}
