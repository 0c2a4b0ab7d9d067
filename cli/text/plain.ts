import { printable } from '../../shared/encoding/printable.ts'

const MAX_CHARACTERS = 200

/** Makes a record's text safe to print, and short: senders choose it. */
export function plain(text: string): string {
  const shown = printable(text)
  return shown.length > MAX_CHARACTERS ? `${shown.slice(0, MAX_CHARACTERS)}…` : shown
}
