const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

const named = (character: string): string =>
  `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`

/**
 * Bytes as text that is safe to print, nothing left out: characters that a terminal obeys or does
 * not show are named, such as `<U+001B>`; bytes that are no UTF-8 are hex digits.
 */
export const exact = (bytes: Uint8Array): string =>
  isUtf8(bytes)
    ? Buffer.from(bytes).toString('utf8').replaceAll(UNPRINTABLE, named)
    : (Buffer.from(bytes).toString('hex').match(/../g) ?? []).join(' ')

/** Cuts a text into lines of a length, without parting a character of two code units. */
export const cutLines = (text: string, length: number): readonly string[] =>
  text.match(new RegExp(`.{1,${length}}`, 'gsu')) ?? []
