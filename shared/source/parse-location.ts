import { isJsonObject, type Json } from '../domain/json.ts'
import { parseNestedJson } from './parse-nested-json.ts'

/** A location as sent: an object, an object as JSON text, or a text; `undefined` where it is neither. */
export function parseLocation(location: Json | undefined): Json | undefined {
  if (isJsonObject(location)) return location
  if (typeof location !== 'string' || location === '') return undefined
  const parsed = parseNestedJson(location)
  return isJsonObject(parsed) ? parsed : location
}
