import { type KqlType, type Scalar, scalar } from './model.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { commonType, isNumber } from './values.ts'

/** Types of sums, differences, products and quotients other than of plain numbers. */
const TIMES: Readonly<Record<string, KqlType>> = {
  'datetime + timespan': 'datetime',
  'timespan + datetime': 'datetime',
  'timespan + timespan': 'timespan',
  'datetime - timespan': 'datetime',
  'datetime - datetime': 'timespan',
  'timespan - timespan': 'timespan',
  'timespan / timespan': 'real',
  'timespan * long': 'timespan',
  'long * timespan': 'timespan',
}

const COMPUTE: Readonly<Record<string, (a: number, b: number) => number | null>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : a / b),
  '%': (a, b) => (b === 0 ? null : ((a % b) + Math.abs(b)) % Math.abs(b)),
}

export const ARITHMETIC: readonly string[] = Object.keys(COMPUTE)

const typeOfResult = (operator: string, left: KqlType, right: KqlType): KqlType | undefined => {
  if (!isNumber(left) || !isNumber(right)) return TIMES[`${left} ${operator} ${right}`]
  return commonType(left, right)
}

/** Sums and the like. A null gives null; whole numbers stay whole when divided. */
export const arithmetic = (operator: string, left: Scalar, right: Scalar, node: KqlNode): Scalar => {
  const type = typeOfResult(operator, left.type, right.type)
  const compute = COMPUTE[operator]
  if (type === undefined || compute === undefined)
    throw new NotCovered(`${left.type} ${operator} ${right.type}`, node)
  const isWhole = operator === '/' && (type === 'long' || type === 'int')
  return scalar(type, (row, place) => {
    const a = left.at(row, place)
    const b = right.at(row, place)
    if (typeof a !== 'number' || typeof b !== 'number') return null
    const result = compute(a, b)
    if (result !== null && type === 'long' && !isWhole && !Number.isSafeInteger(result))
      throw new NotCovered('a whole number beyond 2^53', node)
    return result !== null && isWhole ? Math.trunc(result) : result
  })
}

export const negative = (of: Scalar, node: KqlNode): Scalar => {
  if (!isNumber(of.type) && of.type !== 'timespan') throw new NotCovered(`minus ${of.type}`, node)
  return scalar(of.type, (row, place) => {
    const value = of.at(row, place)
    return typeof value === 'number' ? -value : null
  })
}
