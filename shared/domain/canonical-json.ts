import canonicalize from 'canonicalize'
import { InvariantError } from './invariant-error.ts'
import { isJsonObject, type Json } from './json.ts'

/**
 * JSON Canonicalization Scheme, [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785): one text for one value.
 *
 * The scheme's texts of strings and numbers are those of ECMAScript, and so of `JSON.stringify`; only the order of an object's keys is
 * left to the library, which takes ten times as long.
 */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const text = canonicalize(value)
  if (text === undefined) throw new InvariantError('canonical JSON of a value that JSON cannot hold')
  return text
}
