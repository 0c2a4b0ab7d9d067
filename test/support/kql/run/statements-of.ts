const OPENING = new Set(['(', '[', '{'])
const CLOSING = new Set([')', ']', '}'])

/** Where a text in quotes, or a comment, that begins here ends. */
const endOfQuoted = (text: string, start: number): number => {
  if (text.startsWith('//', start)) {
    const end = text.indexOf('\n', start)
    return end < 0 ? text.length : end
  }
  const quote = text[start]
  const isVerbatim = text[start - 1] === '@'
  let at = start + 1
  while (at < text.length && text[at] !== quote) at += text[at] === '\\' && !isVerbatim ? 2 : 1
  return at + 1
}

/**
 * The statements of a query, cut at its outer semicolons. Each is parsed alone, once: the parser's
 * time grows faster than the text, and queries share the statements that declare functions.
 */
export const statementsOf = (text: string): readonly string[] => {
  const statements: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; ) {
    const char = text[at] ?? ''
    if (char === '"' || char === "'" || text.startsWith('//', at)) {
      at = endOfQuoted(text, at)
      continue
    }
    if (OPENING.has(char)) depth++
    if (CLOSING.has(char)) depth--
    if (char === ';' && depth === 0) {
      statements.push(text.slice(start, at))
      start = at + 1
    }
    at++
  }
  return [...statements, text.slice(start)]
    .map((s) => s.trim())
    .filter((s) => s.replace(/\/\/.*/g, '').trim() !== '')
}
