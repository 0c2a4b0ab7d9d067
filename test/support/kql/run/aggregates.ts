import type { Json } from '../../../../shared/encoding/json.ts'
import { type Aggregate, outside, type Row, type Run, type Scalar } from './model.ts'
import { compare, distinct, dynamicOf, emptyOf, isNumber, keyOf } from './values.ts'

type Builder = (given: readonly Scalar[]) => Aggregate | undefined

/** Values of an expression over rows; nulls do not count in any aggregate. */
const valuesOf = (of: Scalar, rows: readonly Row[], run: Run): readonly Json[] => {
  const place = outside(run)
  return rows.map((row) => of.at(row, place)).filter((value) => value !== null)
}

const where = (predicate: Scalar | undefined, rows: readonly Row[], run: Run): readonly Row[] => {
  if (predicate === undefined) return rows
  const place = outside(run)
  return rows.filter((row) => predicate.at(row, place) === true)
}

/** An aggregate of one expression, and the same of the rows for which a predicate holds. */
const ofValues = (
  typeOf: (given: Scalar) => Aggregate['type'] | undefined,
  compute: (values: readonly Json[], given: Scalar) => Json,
): { readonly all: Builder; readonly some: Builder } => {
  const build = (of: Scalar | undefined, predicate: Scalar | undefined): Aggregate | undefined => {
    const type = of === undefined ? undefined : typeOf(of)
    if (of === undefined || type === undefined) return undefined
    return { type, over: (rows, run) => compute(valuesOf(of, where(predicate, rows, run), run), of) }
  }
  return {
    all: (given) => (given.length === 1 ? build(given[0], undefined) : undefined),
    some: ([of, predicate, ...rest]) =>
      predicate?.type === 'bool' && rest.length === 0 ? build(of, predicate) : undefined,
  }
}

const count = (predicate: Scalar | undefined): Aggregate => ({
  type: 'long',
  over: (rows, run) => where(predicate, rows, run).length,
})

const total = (values: readonly Json[]): number =>
  values.reduce<number>((sum, value) => sum + (value as number), 0)
const sums = ofValues(
  ({ type }) => (isNumber(type) || type === 'timespan' ? (type === 'int' ? 'long' : type) : undefined),
  total,
)
const averages = ofValues(
  ({ type }) => (isNumber(type) ? 'real' : type === 'timespan' ? type : undefined),
  (values) => (values.length === 0 ? null : total(values) / values.length),
)
const counts = ofValues(
  () => 'long',
  (values) => new Set(values.map(keyOf)).size,
)

const extremes = (sign: 1 | -1) =>
  ofValues(
    ({ type }) => (type === 'dynamic' ? undefined : type),
    (values, { type }) =>
      values.length === 0
        ? emptyOf(type)
        : values.reduce((best, value) => (sign * compare(value, best) > 0 ? value : best)),
  )

/** Any row will do; the first, and of one column a value that is not empty where there is one. */
const anyOf = ofValues(
  ({ type }) => type,
  (values, { type }) => values.find((value) => value !== '') ?? emptyOf(type),
)
const anyWhere: Builder = ([of, predicate, ...rest]) => {
  if (of === undefined || predicate?.type !== 'bool' || rest.length > 0) return undefined
  return {
    type: of.type,
    over: (rows, run) => {
      const [row] = where(predicate, rows, run)
      return row === undefined ? emptyOf(of.type) : of.at(row, outside(run))
    },
  }
}

/** The nearest rank, where Kusto estimates. https://learn.microsoft.com/kusto/query/percentiles-aggregation-function */
const percentile: Builder = ([of, percent, ...rest]) => {
  if (of === undefined || percent === undefined || rest.length > 0) return undefined
  if (!isNumber(of.type) && of.type !== 'datetime' && of.type !== 'timespan') return undefined
  return {
    type: of.type,
    over: (rows, run) => {
      const sorted = valuesOf(of, rows, run).toSorted(compare)
      const rank = Math.ceil(
        (sorted.length * (percent.at({ cells: [], arrivedAt: null }, outside(run)) as number)) / 100,
      )
      return sorted[Math.max(rank, 1) - 1] ?? null
    },
  }
}

/**
 * Arrays of values, and sets of them. The elements of arrays are taken one by one into a set.
 * The order in a set is not defined in Kusto; here it is that of the rows.
 */
const collected = (isSet: boolean, hasPredicate: boolean): Builder => {
  return ([of, ...given]) => {
    const predicate = hasPredicate ? given[0] : undefined
    const [most, ...rest] = given.slice(hasPredicate ? 1 : 0)
    if (of === undefined || rest.length > 0 || (hasPredicate && predicate?.type !== 'bool')) return undefined
    if (!isSet && of.type === 'dynamic') return undefined
    return {
      type: 'dynamic',
      over: (rows, run) => {
        const values = valuesOf(of, where(predicate, rows, run), run).map((value) =>
          dynamicOf(value, of.type),
        )
        const all = isSet ? distinct(values.flat() as readonly Json[]) : values
        return all.slice(
          0,
          (most?.at({ cells: [], arrivedAt: null }, outside(run)) as number | undefined) ?? 1_048_576,
        )
      },
    }
  }
}

/** https://learn.microsoft.com/kusto/query/aggregation-functions */
export const AGGREGATES: Readonly<Record<string, Builder>> = {
  count: (given) => (given.length === 0 ? count(undefined) : undefined),
  countif: ([predicate, ...rest]) =>
    predicate?.type === 'bool' && rest.length === 0 ? count(predicate) : undefined,
  dcount: counts.all,
  dcountif: counts.some,
  sum: sums.all,
  sumif: sums.some,
  avg: averages.all,
  avgif: averages.some,
  min: extremes(-1).all,
  minif: extremes(-1).some,
  max: extremes(1).all,
  maxif: extremes(1).some,
  make_list: collected(false, false),
  make_list_if: collected(false, true),
  make_set: collected(true, false),
  make_set_if: collected(true, true),
  percentile,
  take_any: anyOf.all,
  take_anyif: anyWhere,
}
