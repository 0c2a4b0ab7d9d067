import type { Json } from '../domain/json.ts'
import { nestsDeeperThan } from './nesting.ts'
import { parseJson } from './parse-json.ts'
import { MAX_DEPTH } from './value-check.ts'

const LOOKS_STRUCTURED = /^\s*[[{]/

/** The array or object that a text holds as JSON, nested at most 64 deep; `undefined` where it holds none. */
export function parseNestedJson(text: string): Exclude<Json, string | number | boolean | null> | undefined {
  if (!LOOKS_STRUCTURED.test(text)) return undefined
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null) return undefined
  // Every level takes two brackets: a short text is not worth the walk.
  return text.length > 2 * MAX_DEPTH && nestsDeeperThan(MAX_DEPTH, value) ? undefined : value
}
