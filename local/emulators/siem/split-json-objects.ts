/** The end of the string literal that starts at `start`. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at)
    if (at < 0) return text.length
    let backslashes = 0
    while (text[at - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return at
  }
}

/**
 * Splits concatenated JSON objects, with or without white space between them. Text after the last
 * complete object is returned as a part of its own, for the caller to parse.
 */
export function splitJsonObjects(text: string): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const c = text[at]
    if (c === '"') at = stringEnd(text, at)
    else if (c === '{') depth += 1
    else if (c === '}' && --depth === 0) {
      parts.push(text.slice(start, at + 1))
      start = at + 1
    }
  }
  const rest = text.slice(start)
  return rest.trim() === '' ? parts : [...parts, rest]
}
