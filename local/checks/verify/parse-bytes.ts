import type { Json } from './json.ts'

/** Takes a byte order mark off. */
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/** The value of bytes that are UTF-8 and JSON; `undefined` for any others. */
export function parseBytes(bytes: Uint8Array): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(UTF8.decode(bytes)) as Json }
  } catch {
    return undefined
  }
}
