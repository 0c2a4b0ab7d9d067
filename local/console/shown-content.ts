import { isUtf8 } from 'node:buffer'
import { SHOWN, type ShownContent } from './stack-state.ts'

/** Exact bytes as the page shows them. */
export function shownContent(bytes: Uint8Array): ShownContent {
  const form = isUtf8(bytes) ? 'text' : 'base64'
  // A character takes at most four bytes: decode only what the cut needs.
  const head = bytes.subarray(0, 4 * SHOWN.textCharacters + 4)
  const decoded = form === 'text' ? new TextDecoder().decode(head) : Buffer.from(head).toString('base64')
  const text = decoded.slice(0, SHOWN.textCharacters)
  return { text, form, bytes: bytes.length, cut: text.length < decoded.length || head.length < bytes.length }
}
