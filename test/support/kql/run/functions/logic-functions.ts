import { not } from '../logic.ts'
import { type KqlType, type Scalar, scalar } from '../model.ts'
import { commonType, compare, emptyOf } from '../values.ts'
import type { Builder, Functions } from './signature.ts'

/** The type of all of these together; `undefined` where they have none. */
const typeOfAll = (given: readonly Scalar[]): KqlType | undefined =>
  given
    .map(({ type }): KqlType | undefined => type)
    .reduce((a, b) => (a === undefined || b === undefined ? undefined : commonType(a, b)))

/** `case` and `iff`: predicates, each with its value, then the value of all else. A null predicate does not hold. */
const choice: Builder = (given) => {
  const otherwise = given.at(-1)
  const predicates = given.slice(0, -1).filter((_, i) => i % 2 === 0)
  const values = given.slice(0, -1).filter((_, i) => i % 2 === 1)
  if (otherwise === undefined || values.length === 0 || predicates.length !== values.length) return undefined
  const type = typeOfAll([...values, otherwise])
  if (type === undefined || predicates.some((p) => p.type !== 'bool')) return undefined
  return scalar(type, (row, place) => {
    const holds = predicates.findIndex((predicate) => predicate.at(row, place) === true)
    return (values[holds] ?? otherwise).at(row, place)
  })
}

/** The first that is not null; of texts the first that is not empty. */
const coalesce: Builder = (given) => {
  const type = given.length < 2 ? undefined : typeOfAll(given)
  if (type === undefined) return undefined
  return scalar(type, (row, place) => {
    for (const option of given) {
      const value = option.at(row, place)
      if (value !== emptyOf(type)) return value
    }
    return emptyOf(type)
  })
}

/** The greatest or the least of the arguments that are not null. */
const extreme =
  (sign: 1 | -1): Builder =>
  (given) => {
    const type = given.length < 2 ? undefined : typeOfAll(given)
    if (type === undefined || type === 'dynamic' || type === 'bool') return undefined
    return scalar(type, (row, place) => {
      const values = given.map((argument) => argument.at(row, place)).filter((value) => value !== null)
      return values.length === 0
        ? emptyOf(type)
        : values.reduce((best, value) => (sign * compare(value, best) > 0 ? value : best))
    })
  }

/** A test of one value, whatever its type. */
const testOf =
  (test: (value: unknown) => boolean): Builder =>
  (given) => {
    const [value] = given
    return given.length === 1 && value !== undefined
      ? scalar('bool', (row, place) => test(value.at(row, place)))
      : undefined
  }

/** https://learn.microsoft.com/kusto/query/scalar-functions#conditional-functions */
export const LOGIC_FUNCTIONS: Functions = {
  case: choice,
  iff: (given) => (given.length === 3 ? choice(given) : undefined),
  coalesce,
  max_of: extreme(1),
  min_of: extreme(-1),
  not: (given) => {
    const [value] = given
    if (given.length !== 1 || value?.type !== 'bool') return undefined
    return scalar('bool', (row, place) => not(value.at(row, place)))
  },
  isnull: testOf((value) => value === null),
  isnotnull: testOf((value) => value !== null),
  isempty: testOf((value) => value === null || value === ''),
  isnotempty: testOf((value) => value !== null && value !== ''),
}
