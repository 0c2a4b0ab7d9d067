import { InvariantError } from '../../domain/invariant-error.ts'

/**
 * Bytes of a text in UTF-8, counted only where they could exceed `maxBytes`; a UTF-16 unit is at
 * most three of them.
 */
export const exceeds = (text: string, maxBytes: number): boolean =>
  text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes

/**
 * The longest beginning of a text that takes at most `maxBytes` in UTF-8 and splits no code point.
 */
function beginning(text: string, maxBytes: number): string {
  // No text of more UTF-16 units can fit, so the rest of a huge one need not be encoded.
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
 * A text that is too long, cut visibly: `beginning…[cut by risk-export: 70000 bytes]`, at most
 * `maxBytes` in UTF-8. The number is the size of the whole text: the archive has it.
 */
export function cutText(text: string, maxBytes: number): string {
  const mark = `…[cut by risk-export: ${Buffer.byteLength(text)} bytes]`
  return beginning(text, room(maxBytes, mark)) + mark
}

/**
 * JSON text of a value whose JSON text is too long: an object that says so and shows the beginning,
 * `{"cut":true,"bytes":70000,"start":"…"}`, at most `maxBytes` in UTF-8.
 */
export function cutJson(json: string, maxBytes: number): string {
  const head = `{"cut":true,"bytes":${Buffer.byteLength(json)},"start":`
  // JSON text as a JSON string at most doubles: only quotes and backslashes are left to escape.
  const start = beginning(json, Math.floor(room(maxBytes, `${head}""}`) / 2))
  return `${head}${JSON.stringify(start)}}`
}
