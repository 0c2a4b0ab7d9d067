import type { Json } from './json.ts'

/** Removes a byte order mark. */
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** Parses UTF-8 JSON; `undefined` for anything else. */
export function parseBytes(bytes: Uint8Array): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(UTF8.decode(bytes)) as Json }
  } catch {
    return undefined
  }
}
