import { isJsonObject, type Json } from '../encoding/json.ts'
import { decodeNestedJson } from './parse-nested-json.ts'

/** A location: an object, an object as JSON text, or a string; `undefined` for anything else. */
export function parseLocation(location: Json): Json | undefined {
  const value = decodeNestedJson(location)
  if (isJsonObject(value)) return value
  return typeof location === 'string' && value !== null ? location : undefined
}
