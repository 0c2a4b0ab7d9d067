const QUOTE = 0x22
const BACKSLASH = 0x5c

const ESCAPE_OR_CONTROL = /\\[\s\S]|\p{Cc}/gu

/** Escapes a control character, and leaves alone what is escaped already, for better or worse. */
const escaped = (part: string): string =>
  part.length > 1 ? part : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Index after the string that begins at `at`; the text's length where it does not end. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c === BACKSLASH) i += 1
    else if (c === QUOTE) return i + 1
  }
  return text.length
}

const SIGNIFICANT = /^-?0*\.?0*(\d[\d.]*)/
const ALL_ZEROS = /^-?[0.]+(?:[eE]|$)/
/** Most digits that `toPrecision` writes. */
const MAX_PRECISION = 100

const digitsOf = (number: string): string => SIGNIFICANT.exec(number)?.[1]?.replace('.', '') ?? ''

/** Whether a double, written with as many digits as a number is, has the very digits. */
function isDouble(number: string): boolean {
  if (ALL_ZEROS.test(number)) return true
  const digits = digitsOf(number)
  const value = Number(number)
  if (!Number.isFinite(value) || digits.length > MAX_PRECISION) return false
  return digitsOf(value.toPrecision(digits.length)) === digits
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const NO_NUMBER = /^[-+]?(?:nan|inf(?:inity)?)$/i

/** What a word or number outside strings is in JSON. */
function plainToken(token: string): string {
  if (NO_NUMBER.test(token)) return 'null'
  return NUMBER.test(token) && !isDouble(token) ? `"${token}"` : token
}

/** Whatever may be a number, or stand for one. */
const TOKENS = /[-+\w.]+/g

/**
 * A JSON text that means the same, for one that is not quite JSON, or whose numbers would lose
 * digits on being parsed: control characters within strings are escaped, `NaN` and `Infinity` are
 * null, and a number that no double holds is the text of its digits.
 */
export function plainJson(text: string): string {
  const parts: string[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('"', at)
    const start = open === -1 ? text.length : open
    const end = open === -1 ? text.length : stringEnd(text, open)
    parts.push(
      text.slice(at, start).replace(TOKENS, plainToken),
      text.slice(start, end).replace(ESCAPE_OR_CONTROL, escaped),
    )
    at = end
  }
  return parts.join('')
}
