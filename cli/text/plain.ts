const MAX_CHARACTERS = 200

/**
 * Makes a record's text safe to print: senders choose it, and terminals obey control characters.
 */
export function plain(text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
  return shown.length > MAX_CHARACTERS ? `${shown.slice(0, MAX_CHARACTERS)}…` : shown
}
