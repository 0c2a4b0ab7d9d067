import { printable } from '../../shared/encoding/printable.ts'

const MAX_CHARACTERS = 200

/** Makes a record's text safe to print, and short: senders choose it. */
export function plain(text: string, maxCharacters = MAX_CHARACTERS): string {
  const shown = printable(text)
  return shown.length > maxCharacters ? `${shown.slice(0, maxCharacters)}…` : shown
}
