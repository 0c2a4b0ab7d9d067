import { parseStrictly } from './parse-json.ts'
import { plainJson } from './plain-json.ts'

/** A text as JSON to the letter. */
export interface PlainText {
  readonly text: string
  /** Whether the text was JSON to the letter before. */
  readonly isJson: boolean
}

/**
 * A text that is JSON, or as good as JSON (`plainJson`), as JSON none of whose numbers is too long
 * for a double; `undefined` for all else.
 */
export function plainText(text: string, hasLongNumber: boolean): PlainText | undefined {
  const isJson = parseStrictly(text) !== undefined
  if (isJson && !hasLongNumber) return { text, isJson }
  const plain = plainJson(text)
  return parseStrictly(plain) === undefined ? undefined : { text: plain, isJson }
}
