import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Literal } from '../../shared/encoding/literal.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

test('the words of a literal are its UTF-8, filled up with zeros', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCodePoint }), (text) => {
      const { length, words } = new Literal(text)
      const bytes = Buffer.alloc(words.length * 4)
      for (const [i, word] of words.entries()) bytes.writeInt32LE(word, i * 4)
      expect(length).toBe(Buffer.byteLength(text))
      expect(bytes.toString()).toBe(text + '\0'.repeat(bytes.length - length))
      expect(bytes.length - length).toBeLessThan(4)
    }),
  )
})
