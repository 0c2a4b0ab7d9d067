import type { Json } from '../../../../shared/encoding/json.ts'
import { type Scalar, scalar } from './model.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { commonType, compare } from './values.ts'

/**
 * Nulls in operators: https://learn.microsoft.com/kusto/query/scalar-data-types/null-values. Two
 * nulls are neither equal nor unequal, one null is unequal to all else, and any other operator
 * with a null gives null; but `false and null` is false, `true or null` is true.
 */
type Truth = boolean | null

const equal = (a: Json, b: Json): Truth => (a === null && b === null ? null : a === b)

const ordered =
  (holds: (order: number) => boolean) =>
  (a: Json, b: Json): Truth =>
    a === null || b === null ? null : holds(compare(a, b))

const atLeast = ordered((order) => order >= 0)
const atMost = ordered((order) => order <= 0)

/** Operators that compare values of one type. */
export const COMPARISONS: Readonly<Record<string, (a: Json, b: Json) => Truth>> = {
  '==': equal,
  '!=': (a, b) => not(equal(a, b)),
  '<': ordered((order) => order < 0),
  '<=': atMost,
  '>': ordered((order) => order > 0),
  '>=': atLeast,
}

export const not = (value: Json): Truth => (value === null ? null : value === false)

const both = (a: Json, b: Json): Truth =>
  a === false || b === false ? false : a === null || b === null ? null : true

const either = (a: Json, b: Json): Truth =>
  a === true || b === true ? true : a === null || b === null ? null : false

/** Operators that join what is true, false or unknown. */
export const JUNCTIONS: Readonly<Record<string, (a: Json, b: Json) => Truth>> = { and: both, or: either }

const mustCompare = (left: Scalar, right: Scalar, node: KqlNode): void => {
  const type = commonType(left.type, right.type)
  if (type === undefined || type === 'dynamic')
    throw new NotCovered(`${left.type} compared with ${right.type}`, node)
}

export const comparison = (operator: string, left: Scalar, right: Scalar, node: KqlNode): Scalar => {
  mustCompare(left, right, node)
  const compared = COMPARISONS[operator] as (a: Json, b: Json) => Truth
  return scalar('bool', (row, place) => compared(left.at(row, place), right.at(row, place)))
}

export const junction = (operator: string, left: Scalar, right: Scalar, node: KqlNode): Scalar => {
  if (left.type !== 'bool' || right.type !== 'bool')
    throw new NotCovered(`${operator} of other than bool`, node)
  const join = JUNCTIONS[operator] as (a: Json, b: Json) => Truth
  const settles = operator === 'or'
  return scalar('bool', (row, place) => {
    const first = left.at(row, place)
    return first === settles ? first : join(first, right.at(row, place))
  })
}

/** `between (low .. high)`: both ends count. */
export const between = (value: Scalar, low: Scalar, high: Scalar, node: KqlNode): Scalar => {
  mustCompare(value, low, node)
  mustCompare(value, high, node)
  return scalar('bool', (row, place) => {
    const at = value.at(row, place)
    return both(atLeast(at, low.at(row, place)), atMost(at, high.at(row, place)))
  })
}

/** Whether a value equals one of several: as `==` with each of them, joined by `or`. */
export const isOneOf = (value: Json, others: ReadonlySet<Json>): Truth => {
  if (value !== null) return others.has(value)
  return others.has(null) ? null : false
}
