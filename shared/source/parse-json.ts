import type { Json } from '../encoding/json.ts'
import { plainJson } from './plain-json.ts'

/** What a text says. */
export interface ParsedJson {
  readonly value: Json
  /** Whether the text is JSON to the letter. */
  readonly isJson: boolean
  /** The same as JSON to the letter, none of whose numbers is too long for a double. */
  readonly text: string
}

/** A number that a double may not hold. Where a string has one, it costs time and no more. */
const LONG_NUMBER = /[[:,\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/

function parseStrictly(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Reads JSON, and what is as good as JSON (`plainJson`); `undefined` for all else. A name that
 * occurs twice has its last value, `__proto__` is a name like any other, and a number that no
 * double holds is the text of its digits.
 * @param hasLongNumber whether there may be such a number, where somebody has looked already
 */
export function parseJson(text: string, hasLongNumber = LONG_NUMBER.test(text)): ParsedJson | undefined {
  const literal = parseStrictly(text)
  if (literal !== undefined && !hasLongNumber) return { value: literal, isJson: true, text }
  const plain = plainJson(text)
  const value = parseStrictly(plain)
  return value === undefined ? undefined : { value, isJson: literal !== undefined, text: plain }
}
