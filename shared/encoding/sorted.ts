/**
 * Longer lists are left to the engine, which takes kilobytes for its work however short a list is.
 */
const MAX_INSERTED = 16

/** Negative: the first is before the second; positive: after. */
type Compare<T, C> = (context: C, a: T, b: T) => number

function isSorted<T, C>(list: readonly T[], context: C, compare: Compare<T, C>): boolean {
  for (let i = 1; i < list.length; i += 1)
    if (compare(context, list[i] as T, list[i - 1] as T) < 0) return false
  return true
}

const engineSorted = <T, C>(list: readonly T[], context: C, compare: Compare<T, C>): readonly T[] =>
  list.toSorted((a, b) => compare(context, a, b))

/**
 * A list in order, stable: itself where it is, else a copy.
 * @param context what the comparison needs; a closure over it would be made for every list
 */
export function sorted<T, C>(list: readonly T[], context: C, compare: Compare<T, C>): readonly T[] {
  if (isSorted(list, context, compare)) return list
  if (list.length > MAX_INSERTED) return engineSorted(list, context, compare)
  const result: T[] = []
  for (const element of list) {
    let at = result.length
    for (
      let last = result[at - 1];
      last !== undefined && compare(context, element, last) < 0;
      last = result[at - 1]
    ) {
      result[at] = last
      at -= 1
    }
    result[at] = element
  }
  return result
}

const compareStrings = (_: undefined, a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** By UTF-16 code units, as JavaScript and RFC 8785 compare texts. */
export const sortedTexts = (texts: readonly string[]): readonly string[] =>
  sorted(texts, undefined, compareStrings)
