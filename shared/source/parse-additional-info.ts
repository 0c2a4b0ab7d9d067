import type { AdditionalInfo } from '../domain/risk-event.ts'
import { isJsonObject, type Json } from '../encoding/json.ts'
import { decodeNestedJson } from './parse-nested-json.ts'

/** Key for values that are not key-value pairs. */
const UNPARSED = 'unparsed'

const unparsed = (value: Json): AdditionalInfo => ({ key: UNPARSED, value })

const isCalled = (name: string, wanted: string): boolean =>
  name === wanted || name.toLowerCase() === wanted.toLowerCase()

/** `{"Key":…,"Value":…}`, case-insensitive; an object with other members is kept whole. */
function pair(element: Json): AdditionalInfo {
  if (!isJsonObject(element)) return unparsed(element)
  let key: Json | undefined
  let value: Json = null
  for (const name of Object.keys(element)) {
    const member = element[name] ?? null
    if (isCalled(name, 'Key')) key = member
    else if (isCalled(name, 'Value')) value = member
    else return unparsed(element)
  }
  return typeof key === 'string' ? { key, value } : unparsed(element)
}

/**
 * The pairs of `additionalInfo`: an array of `{Key, Value}`, that array as JSON text, or an object.
 * Any other value becomes one pair with the key `unparsed`, so that nothing is lost.
 */
export function parseAdditionalInfo(info: Json): readonly AdditionalInfo[] {
  const value = decodeNestedJson(info)
  if (value === null) return []
  if (Array.isArray(value)) return (value as readonly Json[]).map(pair)
  if (isJsonObject(value)) return Object.keys(value).map((key) => ({ key, value: value[key] ?? null }))
  return [unparsed(value)]
}
