/** A line of the Common Event Format as a receiver reads it. */
export interface CefLine {
  /** Version, vendor, product, version of the product, signature, name, severity. */
  readonly header: readonly string[]
  readonly extensions: Readonly<Record<string, string>>
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r' }

const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, one: string) => ESCAPED[one] ?? one)

const HEADER_FIELD = /((?:[^|\\]|\\[|\\])*)\|/y
/** A value ends where the next key begins, or the line. */
const EXTENSION = /([\w.]+)=((?:[^\\=]|\\[\\=nr])*?)(?: (?=[\w.]+=)|$)/y

/** Parses a line; strict: anything that the format does not allow is an error. */
export function parseCef(line: string): CefLine {
  const header: string[] = []
  let at = 0
  const next = (pattern: RegExp): RegExpExecArray => {
    pattern.lastIndex = at
    const match = pattern.exec(line)
    if (match === null) throw new Error(`no CEF at ${at}: ${line.slice(at, at + 40)}`)
    at = pattern.lastIndex
    return match
  }
  for (let n = 0; n < 7; n += 1) header.push(unescaped(next(HEADER_FIELD)[1] ?? ''))
  const extensions: Record<string, string> = {}
  while (at < line.length) {
    const [, key = '', value = ''] = next(EXTENSION)
    if (key in extensions) throw new Error(`${key} twice`)
    extensions[key] = unescaped(value)
  }
  return { header, extensions }
}
