import { type Html, html } from '../../../shared/encoding/html.ts'

const TOKEN = /\s+|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y
const MAX_INDENT = 12

/**
 * Indents JSON text. Tokens stay as sent (key order, duplicate keys, digits); only white space
 * changes.
 */
export function jsonView(text: string): Html {
  const out: Html[] = []
  let depth = 0
  let previous = ''
  const pattern = new RegExp(TOKEN)
  let at = 0
  while (at < text.length) {
    pattern.lastIndex = at
    const token = pattern.exec(text)?.[0]
    if (token === undefined) break
    at = pattern.lastIndex
    if (token.trim() === '') continue
    if (token === '}' || token === ']') depth -= 1
    out.push(html`${gap(previous, token, depth)}${coloured(token, isKey(text, at))}`)
    if (token === '{' || token === '[') depth += 1
    previous = token
  }
  return html`${out}${text.slice(at)}`
}

/** White space between two tokens. Deep lines are not broken, to keep the page bounded. */
function gap(previous: string, token: string, depth: number): string {
  if (previous === '') return ''
  if (previous === ':') return ' '
  if (token === ',' || token === ':') return ''
  const empty = (previous === '{' && token === '}') || (previous === '[' && token === ']')
  if (empty || depth < 0 || depth > MAX_INDENT) return ''
  return `\n${'  '.repeat(depth)}`
}

const isKey = (text: string, end: number): boolean => /^\s{0,20}:/.test(text.slice(end, end + 21))

function coloured(token: string, key: boolean): Html {
  if (token.startsWith('"')) return key ? html`<i class="k">${token}</i>` : html`<i class="s">${token}</i>`
  if (/^[-\dtfn]/.test(token)) return html`<i class="n">${token}</i>`
  return html`${token}`
}
