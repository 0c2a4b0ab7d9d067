/**
 * Percent-encodes, with `=` for `%`, so that a part holds neither what table keys may not hold
 * (`/ \ # ?`, control characters) nor the separator `|`.
 */
const encodePart = (part: string): string => encodeURIComponent(part).replaceAll('%', '=')

/** A table key made of several texts. */
export const joinKey = (...parts: readonly string[]): string => parts.map(encodePart).join('|')

/** From where to where the keys are that begin with a text; the latter not included. */
export const keysFrom = (first: string): readonly [from: string, to: string] => [
  `${joinKey(first)}|`,
  // What follows the separator.
  `${joinKey(first)}}`,
]

/** The texts a key was made of; empty if `joinKey` did not make it. */
export function splitKey(key: string): readonly string[] {
  try {
    const parts = key.split('|').map((part) => decodeURIComponent(part.replaceAll('=', '%')))
    return joinKey(...parts) === key ? parts : []
  } catch {
    return []
  }
}

/**
 * A text in a table query's filter. Not by the SDK's `odata`: importing it would load the SDK with
 * the functions.
 */
export const filterText = (text: string): string => `'${text.replaceAll("'", "''")}'`
