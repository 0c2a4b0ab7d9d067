import canonicalize from 'canonicalize'
import { InvariantError } from './invariant-error.ts'
import type { Json } from './json.ts'

/** JSON Canonicalization Scheme, [RFC 8785](https://www.rfc-editor.org/rfc/rfc8785): one text for one value. */
export function canonicalJson(value: Json): string {
  const text = canonicalize(value)
  if (text === undefined) throw new InvariantError('canonical JSON of a value that JSON cannot hold')
  return text
}
