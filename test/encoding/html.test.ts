import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html } from '../../shared/encoding/html.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}
const textOf = (markup: string) => markup.replace(/&(?:amp|lt|gt|quot|#39);/g, (e) => ENTITIES[e] ?? e)

describe('markup', () => {
  it('escapes any text that is put in, so that it stands for itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ';', '\u202e', '\0', '\n') }),
        ),
        (text) => {
          const { markup } = html`<b title="${text}">${text}</b>`
          const inside = markup.slice('<b title="'.length, markup.indexOf('">'))
          expect(inside).not.toMatch(/[<>"']/)
          expect(textOf(inside).replace(/⟨U\+[0-9A-F]+⟩/g, '')).toBe(
            text.replace(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/gu, ''),
          )
        },
      ),
    )
  })

  it('is not escaped twice, alone or as a list', () => {
    const item = html`<li>${'a & b'}</li>`
    expect(html`<ul>${[item, item]}</ul>${undefined}${7}`.markup).toBe(
      '<ul><li>a &amp; b</li><li>a &amp; b</li></ul>7',
    )
  })

  it('shows what cannot be seen: controls and marks that turn the reading direction', () => {
    expect(html`${'a\u0000b\u202ec\ufeffd\r\n\te'}`.markup).toBe('a⟨U+0000⟩b⟨U+202E⟩c⟨U+FEFF⟩d⟨U+000D⟩\n\te')
  })
})
