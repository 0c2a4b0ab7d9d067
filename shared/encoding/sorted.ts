/**
 * Longer lists are left to the engine, which takes kilobytes for its work however short a list is.
 */
const MAX_INSERTED = 16

function isSorted<T>(list: readonly T[], isBefore: (a: T, b: T) => boolean): boolean {
  for (let i = 1; i < list.length; i += 1) if (isBefore(list[i] as T, list[i - 1] as T)) return false
  return true
}

/** A list in order, stable: itself where it is, else a copy. */
export function sorted<T>(list: readonly T[], isBefore: (a: T, b: T) => boolean): readonly T[] {
  if (isSorted(list, isBefore)) return list
  if (list.length > MAX_INSERTED)
    return list.toSorted((a, b) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : 0))
  const result: T[] = []
  for (const element of list) {
    let at = result.length
    for (let last = result[at - 1]; last !== undefined && isBefore(element, last); last = result[at - 1]) {
      result[at] = last
      at -= 1
    }
    result[at] = element
  }
  return result
}

const isTextBefore = (a: string, b: string): boolean => a < b

/** By UTF-16 code units, as JavaScript and RFC 8785 compare texts. */
export const sortedTexts = (texts: readonly string[]): readonly string[] => sorted(texts, isTextBefore)
