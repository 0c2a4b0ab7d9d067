import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import { nestsDeeperThan } from './nesting.ts'
import { parseJson } from './parse-json.ts'
import { MAX_DEPTH } from './value-check.ts'

const LOOKS_STRUCTURED = /^[\s\0]*[[{]/
const SPACE_OR_NUL = /[\s\0]/

/** Trims white space, byte order marks, and NULs from zero-padded buffers. */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (SPACE_OR_NUL.test(text.charAt(start))) start += 1
  while (SPACE_OR_NUL.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/** The JSON array or object in a string; `undefined` if it has none, or more than 64 levels. */
export function parseNestedJson(text: string): readonly Json[] | JsonObject | undefined {
  if (!LOOKS_STRUCTURED.test(text)) return undefined
  const value = parseJson(trimmed(text))?.value
  if (typeof value !== 'object' || value === null) return undefined
  // Every level takes two brackets, so a short text cannot nest too deep.
  return text.length > 2 * MAX_DEPTH && nestsDeeperThan(MAX_DEPTH, value) ? undefined : value
}

const NULL = /^\s*null\s*$/

/** Decodes a value sent as JSON text, if it is an object, array or null; else the value itself. */
export function decodeNestedJson(value: Json): Json {
  if (typeof value !== 'string') return value
  return NULL.test(value) ? null : (parseNestedJson(value) ?? value)
}

/** Some writers escape a quote as a code. */
const ESCAPED_OBJECT = /^\s*\{\s*(?:\\[nrt]\s*)*\\(?:"|u0022)/

/**
 * The object in a fragment of a JSON string, where quotes are escaped: a record of a message that
 * was itself sent as a string.
 */
export function parseEscapedObject(text: string): JsonObject | undefined {
  const whole = ESCAPED_OBJECT.test(text) ? parseJson(`"${text}"`)?.value : undefined
  const object = typeof whole === 'string' ? parseNestedJson(whole) : undefined
  return isJsonObject(object) ? object : undefined
}
