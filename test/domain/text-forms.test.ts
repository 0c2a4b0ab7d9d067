import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoted } from '../../shared/encoding/quoted.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

const anyText = fc.oneof(fc.string(), fc.string({ unit: anyCodePoint }), fc.string({ unit: 'binary-ascii' }))

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
