import { InvariantError } from '../../domain/invariant-error.ts'

/**
 * Whether a text's UTF-8 exceeds `maxBytes`; counts only if it might (at most 3 bytes per UTF-16
 * unit).
 */
export const exceeds = (text: string, maxBytes: number): boolean =>
  text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes

/** The longest prefix of at most `maxBytes` in UTF-8 that splits no code point. */
function beginning(text: string, maxBytes: number): string {
  // No prefix with more UTF-16 units fits, so the rest of a huge text need not be encoded.
  const bytes = Buffer.from(text.slice(0, maxBytes + 1))
  if (bytes.length <= maxBytes) return bytes.toString()
  let end = maxBytes
  while (end > 0 && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1
  return bytes.subarray(0, end).toString()
}

function room(maxBytes: number, frame: string): number {
  const left = maxBytes - Buffer.byteLength(frame)
  if (left < 0) throw new InvariantError(`no room for a cut value in ${maxBytes} bytes`)
  return left
}

/**
 * Cuts a text visibly: `beginning…[cut by risk-export: 70000 bytes]`, at most `maxBytes` in UTF-8.
 * The number is the size of the whole text, which the archive has.
 */
export function cutText(text: string, maxBytes: number): string {
  const mark = `…[cut by risk-export: ${Buffer.byteLength(text)} bytes]`
  return beginning(text, room(maxBytes, mark)) + mark
}

/**
 * Replaces JSON that is too long by an object that says so and shows the beginning,
 * `{"cut":true,"bytes":70000,"start":"…"}`, at most `maxBytes` in UTF-8.
 */
export function cutJson(json: string, maxBytes: number): string {
  const head = `{"cut":true,"bytes":${Buffer.byteLength(json)},"start":`
  // JSON text as a JSON string at most doubles: only quotes and backslashes need escaping.
  const start = beginning(json, Math.floor(room(maxBytes, `${head}""}`) / 2))
  return `${head}${JSON.stringify(start)}}`
}
