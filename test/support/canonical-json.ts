import { isJsonObject, type Json, type JsonObject } from '../../shared/encoding/json.ts'

function canonicalList(list: readonly Json[]): string {
  let text = ''
  for (const value of list) text += text === '' ? canonical(value) : `,${canonical(value)}`
  return `[${text}]`
}

function canonicalObject(object: JsonObject): string {
  let text = ''
  for (const name of Object.keys(object).sort()) {
    if (text !== '') text += ','
    text += `${JSON.stringify(name)}:${canonical(object[name] ?? null)}`
  }
  return `{${text}}`
}

function canonical(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null) return 'null'
  if (Array.isArray(value)) return canonicalList(value as readonly Json[])
  // Numbers have the form that the RFC took over.
  return isJsonObject(value) ? canonicalObject(value) : JSON.stringify(value)
}

/**
 * JSON Canonicalization Scheme, [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785): one text for
 * one value. Where the RFC refuses what a JSON parser gives, this must not, since it comes from the
 * wire and one record would stop a batch: half of a surrogate pair is written as its escape, a
 * number beyond the range of doubles as null. A library that keeps to the RFC throws.
 */
export function canonicalJson(value: Json): string {
  if (value === undefined) throw new TypeError('canonical JSON of a value that JSON cannot hold')
  return canonical(value)
}
