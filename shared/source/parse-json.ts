import type { Json } from '../encoding/json.ts'
import { plainJson } from './plain-json.ts'

/** Parsed JSON, possibly lenient. */
export interface ParsedJson {
  readonly value: Json
  /** Whether the text is strict JSON. */
  readonly isJson: boolean
  /** The same value as strict JSON, with numbers that a double cannot hold as strings. */
  readonly text: string
}

/** Finds numbers that a double may not hold; a match inside a string only costs time. */
const LONG_NUMBER = /[[:,\s]-?\d(?:[\d.]{15}|[\d.]*[eE])/

function parseStrictly(text: string): Json | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Parses JSON, and the lenient JSON that `plainJson` accepts; `undefined` for anything else. The
 * last of repeated names wins, `__proto__` is an ordinary name, and numbers that a double cannot
 * hold become strings.
 * @param hasLongNumber whether there may be such a number, if known
 */
export function parseJson(text: string, hasLongNumber = LONG_NUMBER.test(text)): ParsedJson | undefined {
  const literal = parseStrictly(text)
  if (literal !== undefined && !hasLongNumber) return { value: literal, isJson: true, text }
  const plain = plainJson(text)
  const value = parseStrictly(plain)
  return value === undefined ? undefined : { value, isJson: literal !== undefined, text: plain }
}
