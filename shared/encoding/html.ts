/** Safe markup: only `html` creates it, so plain text cannot be mistaken for it. */
export class Html {
  readonly markup: string
  readonly #made = true

  private constructor(markup: string) {
    this.markup = markup
  }

  static join(parts: TemplateStringsArray, values: readonly HtmlValue[]): Html {
    return new Html(parts.map((part, i) => part + markupOf(values[i])).join(''))
  }

  static isHtml(value: object): value is Html {
    return #made in value && value.#made
  }
}

export type HtmlValue = string | number | Html | readonly Html[] | undefined

/** A markup template; values that are not markup are escaped. */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  Html.join(parts, values)

function markupOf(value: HtmlValue): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeText(value)
  return Html.isHtml(value) ? value.markup : value.map((one) => one.markup).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control and invisible characters, such as those that reverse text to disguise it. */
const INVISIBLE = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu

const codePoint = (c: string): string => (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c).replace(INVISIBLE, (c) => `\u27e8U+${codePoint(c)}\u27e9`)
