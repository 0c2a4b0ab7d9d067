/**
 * Table keys may not hold `/ \ # ?` or control characters: those are percent-encoded; `|` separates
 * parts.
 */
const encodePart = (part: string): string =>
  encodeURIComponent(part).replaceAll('%', '=').replaceAll('|', '=7C')

/** A table key made of several texts. */
export const joinKey = (...parts: readonly string[]): string => parts.map(encodePart).join('|')

/** The texts of which a key was made; none for a key that `joinKey` did not make. */
export function splitKey(key: string): readonly string[] {
  try {
    const parts = key.split('|').map((part) => decodeURIComponent(part.replaceAll('=', '%')))
    return joinKey(...parts) === key ? parts : []
  } catch {
    return []
  }
}
