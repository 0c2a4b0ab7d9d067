const MAX_CHARACTERS = 200

/** Makes a text safe to print whole: terminals obey control characters. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')

/** Makes a record's text safe to print, and short: senders choose it. */
export function plain(text: string): string {
  const shown = printable(text)
  return shown.length > MAX_CHARACTERS ? `${shown.slice(0, MAX_CHARACTERS)}…` : shown
}
