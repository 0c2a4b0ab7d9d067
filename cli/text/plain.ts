const MAX_CHARACTERS = 200

/**
 * A text of a record as it may be shown: senders write what they like, and a terminal obeys control
 * characters.
 */
export function plain(text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')
  return shown.length > MAX_CHARACTERS ? `${shown.slice(0, MAX_CHARACTERS)}…` : shown
}
