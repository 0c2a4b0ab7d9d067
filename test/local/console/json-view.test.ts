import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonView } from '../../../local/console/view/json-view.ts'

const shown = (text: string) =>
  jsonView(text)
    .markup.replace(/<\/?i[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('JSON laid out for reading', () => {
  it('is the same JSON: only white space differs', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/[\p{Cc}\p{Cf}]/u.test(text))
        expect(shown(text).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
        expect(JSON.parse(shown(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('keeps what parsing would lose: doubled keys, key order, digits', () => {
    expect(shown('{"b":1.0,"a":2,"b":12345678901234567890,"e":{},"f":[ ]}')).toBe(
      '{\n  "b": 1.0,\n  "a": 2,\n  "b": 12345678901234567890,\n  "e": {},\n  "f": []\n}',
    )
  })

  it('shows the rest as it is where it stops being JSON', () => {
    expect(shown('{"a":1,oops <b>')).toBe('{\n  "a": 1,oops <b>')
    expect(shown('not json at all')).toBe('not json at all')
    expect(shown('{"cut":"half a str')).toBe('{\n  "cut":"half a str')
  })

  it('does not grow without bound with depth', () => {
    const deep = '['.repeat(4_000) + ']'.repeat(4_000)
    expect(jsonView(deep).markup.length).toBeLessThan(2 * deep.length)
  })

  it('tells keys from text', () => {
    expect(jsonView('{"a": "b"}').markup).toContain(
      '<i class="k">&quot;a&quot;</i>: <i class="s">&quot;b&quot;</i>',
    )
  })
})
