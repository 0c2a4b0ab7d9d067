import { InvariantError } from './invariant-error.ts'
import { isJsonObject, type Json } from './json.ts'

function holdsObject(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (!Array.isArray(value)) return true
  for (const inner of value as readonly Json[]) if (holdsObject(inner)) return true
  return false
}

function canonical(value: Json): string {
  // Objects alone have an order to choose: all other values have one JSON text already, in the form that the RFC took over.
  if (!holdsObject(value)) return JSON.stringify(value)
  if (!isJsonObject(value)) return `[${(value as readonly Json[]).map(canonical).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`)
  return `{${members.join(',')}}`
}

/**
 * JSON Canonicalization Scheme, [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785): one text for one value.
 * Where the RFC refuses what a JSON parser gives, this must not, since it comes from the wire and one record would stop a batch:
 * half of a surrogate pair is written as its escape, a number beyond the range of doubles as null. A library that keeps to the RFC throws.
 */
export function canonicalJson(value: Json): string {
  if (value === undefined) throw new InvariantError('canonical JSON of a value that JSON cannot hold')
  return canonical(value)
}
