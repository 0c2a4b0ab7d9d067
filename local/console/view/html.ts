/** Markup that is safe to send: made by `html` alone, so that text cannot pass for it. */
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

/** A template of markup. Whatever is put in that is not markup itself is text, and is escaped. */
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

/**
 * Controls that a browser would drop, and unseen marks, such as those that turn the reading
 * direction and so fake what is read.
 */
const UNSEEN = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu

const codePoint = (c: string): string => (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')

const escapeText = (text: string): string =>
  text.replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c).replace(UNSEEN, (c) => `\u27e8U+${codePoint(c)}\u27e9`)
