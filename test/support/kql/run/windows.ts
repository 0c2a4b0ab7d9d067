import type { Json } from '../../../../shared/encoding/json.ts'
import { type Place, type Row, type Scalar, scalar } from './model.ts'
import { emptyOf, isNumber } from './values.ts'

/** A scalar that is worked out for all rows of a place at once. */
const overRows = (
  type: Scalar['type'],
  work: (rows: readonly Row[], place: Place) => readonly Json[],
): Scalar => {
  const key = {}
  return scalar(type, (_, place) => {
    const known = place.windows.get(key) ?? work(place.rows, place)
    place.windows.set(key, known)
    return known[place.index] ?? emptyOf(type)
  })
}

const atEach = (of: Scalar | undefined, place: Place): readonly Json[] =>
  place.rows.map((row, index) => of?.at(row, { ...place, index }) ?? null)

/** The value so many rows before or after, or a value that stands in for it. */
const shifted =
  (direction: 1 | -1) =>
  ([of, offset, otherwise]: readonly Scalar[]): Scalar | undefined => {
    if (of === undefined || (otherwise !== undefined && otherwise.type !== of.type)) return undefined
    return scalar(of.type, (row, place) => {
      const by = offset === undefined ? 1 : (offset.at(row, place) as number)
      const index = place.index + direction * by
      const other = place.rows[index]
      if (other === undefined) return otherwise?.at(row, place) ?? emptyOf(of.type)
      return of.at(other, { ...place, index })
    })
  }

const rowNumber = ([start, restart]: readonly Scalar[]): Scalar =>
  overRows('long', (_, place) => {
    const restarts = atEach(restart, place)
    const numbers: number[] = []
    for (const [i, row] of place.rows.entries()) {
      const first = (start?.at(row, place) as number | undefined) ?? 1
      numbers.push(i === 0 || restarts[i] === true ? first : (numbers[i - 1] ?? 0) + 1)
    }
    return numbers
  })

const runningSum = ([term, restart]: readonly Scalar[]): Scalar | undefined => {
  if (term === undefined || !isNumber(term.type)) return undefined
  return overRows(term.type === 'real' ? 'real' : 'long', (_, place) => {
    const restarts = atEach(restart, place)
    let sum = 0
    return atEach(term, place).map((value, i) => {
      sum = (restarts[i] === true ? 0 : sum) + ((value as number | null) ?? 0)
      return sum
    })
  })
}

/** Functions over the rows before and after, which must stand in an order. https://learn.microsoft.com/kusto/query/window-functions */
export const WINDOWS: Readonly<Record<string, (given: readonly Scalar[]) => Scalar | undefined>> = {
  prev: shifted(-1),
  next: shifted(1),
  row_number: rowNumber,
  row_cumsum: runningSum,
}
