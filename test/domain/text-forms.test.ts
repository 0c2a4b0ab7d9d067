import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoted } from '../../shared/encoding/quoted.ts'
import { sorted, sortedTexts } from '../../shared/encoding/sorted.ts'

const anyText = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary-ascii' }))

test('a text is quoted as JSON.stringify quotes it', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(quoted(text)).toBe(JSON.stringify(text))
    }),
  )
  for (let unit = 0; unit < 0x1_0000; unit += 1) {
    const text = String.fromCharCode(unit)
    if (quoted(text) !== JSON.stringify(text)) throw new Error(`U+${unit.toString(16)}`)
  }
})

test('lists of any length are put in order as the engine does it, stable, and are not changed', () => {
  const lists = fc.array(fc.record({ key: fc.nat(9), n: fc.nat() }), { maxLength: 40 })
  fc.assert(
    fc.property(lists, (list) => {
      const before = [...list]
      expect(sorted(list, undefined, (_, a, b) => a.key - b.key)).toEqual(
        list.toSorted((a, b) => a.key - b.key),
      )
      expect(list).toEqual(before)
    }),
  )
  fc.assert(
    fc.property(fc.array(anyText), (texts) => {
      expect(sortedTexts(texts)).toEqual([...texts].sort())
    }),
  )
})
