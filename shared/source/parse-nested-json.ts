import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'
import { nestsDeeperThan } from './nesting.ts'
import { parseJson } from './parse-json.ts'
import { MAX_DEPTH } from './value-check.ts'

const LOOKS_STRUCTURED = /^[\s\0]*[[{]/
const SPACE_OR_NUL = /[\s\0]/
/** Space around a JSON text, a byte order mark and the zeros of a buffer sent whole say nothing. */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && SPACE_OR_NUL.test(text.charAt(start))) start += 1
  while (end > start && SPACE_OR_NUL.test(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

/**
 * The array or object that a text holds as JSON, nested at most 64 deep; `undefined` where it holds
 * none.
 */
export function parseNestedJson(text: string): readonly Json[] | JsonObject | undefined {
  if (!LOOKS_STRUCTURED.test(text)) return undefined
  const value = parseJson(trimmed(text))?.value
  if (typeof value !== 'object' || value === null) return undefined
  // Every level takes two brackets: a short text is not worth the walk.
  return text.length > 2 * MAX_DEPTH && nestsDeeperThan(MAX_DEPTH, value) ? undefined : value
}

const NULL = /^\s*null\s*$/

/**
 * What a value says that may have been sent as JSON text: the object, the list or the null in a
 * text, else the value itself.
 */
export function unwrapped(value: Json): Json {
  if (typeof value !== 'string') return value
  return NULL.test(value) ? null : (parseNestedJson(value) ?? value)
}

const ESCAPED_OBJECT = /^\s*\{\s*(?:\\[nrt]\s*)*\\"/

/**
 * The object in a part of a JSON text, whose quotes are therefore escaped: a record of a message
 * that was sent as the text of a string.
 */
export function parseEscapedObject(text: string): JsonObject | undefined {
  const whole = ESCAPED_OBJECT.test(text) ? parseJson(`"${text}"`)?.value : undefined
  const object = typeof whole === 'string' ? parseNestedJson(whole) : undefined
  return isJsonObject(object) ? object : undefined
}
