/** Whether `bytes` go on with `text` at `at`. */
export function isAt(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[at + i] !== text[i]) return false
  return true
}

const LOWER_CASE = 0x20

/** The same in any case. @param text ASCII letters in lower case, and quotes */
export function isAtInAnyCase(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i += 1) if (((bytes[at + i] ?? 0) | LOWER_CASE) !== text[i]) return false
  return true
}

/** Whether the bytes between two offsets are `text`; a view to compare would be garbage. */
export const isBetween = (bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean =>
  end - start === text.length && isAt(bytes, start, text)
