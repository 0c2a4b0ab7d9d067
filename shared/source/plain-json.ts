const QUOTE = 0x22
const BACKSLASH = 0x5c

const ESCAPE_OR_CONTROL = /\\[\s\S]|\p{Cc}/gu

/** Escapes a control character; existing escapes, valid or not, stay as they are. */
const escaped = (part: string): string =>
  part.length > 1 ? part : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`

/** Index after the string at `at`; the text's length if it does not end. */
function stringEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i += 1) {
    const c = text.charCodeAt(i)
    if (c === BACKSLASH) i += 1
    else if (c === QUOTE) return i + 1
  }
  return text.length
}

const SIGNIFICANT = /^-?0*\.?0*(\d[\d.]*)/
/** Limit of `toPrecision`. */
const MAX_PRECISION = 100

const digitsOf = (number: string): string => SIGNIFICANT.exec(number)?.[1]?.replace('.', '') ?? ''

/** Whether a double keeps all digits of a number. */
function isDouble(number: string): boolean {
  const digits = digitsOf(number)
  const value = Number(number)
  if (!Number.isFinite(value) || digits.length > MAX_PRECISION) return false
  return digitsOf(value.toPrecision(digits.length)) === digits
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const NON_FINITE = /^[-+]?(?:nan|inf(?:inity)?)$/i

/** Strict JSON for a word or number outside strings. */
function plainToken(token: string): string {
  if (NON_FINITE.test(token)) return 'null'
  return NUMBER.test(token) && !isDouble(token) ? `"${token}"` : token
}

/** Words and numbers. */
const TOKENS = /[-+\w.]+/g

/**
 * Turns lenient JSON into strict JSON that parses without loss: escapes control characters in
 * strings, replaces `NaN` and `Infinity` by null, and quotes numbers that a double cannot hold.
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
