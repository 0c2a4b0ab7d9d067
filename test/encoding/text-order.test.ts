import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TextOrder } from '../../shared/encoding/text-order.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

/** Where each text begins, one after the other in one memory. */
function archivedEventAt(texts: readonly string[]): {
  readonly bytes: Buffer
  readonly offsets: readonly number[]
} {
  const quoted = texts.map((text) => JSON.stringify(text))
  const offsets = quoted.map((_, i) => Buffer.byteLength(quoted.slice(0, i).join('')))
  return { bytes: Buffer.from(quoted.join('')), offsets }
}

test('lists of any length, also within others, are put in order as JavaScript orders their texts', () => {
  const texts = fc.array(fc.string({ unit: anyCodePoint, maxLength: 4 }), { maxLength: 40 })
  fc.assert(
    fc.property(texts, fc.nat(80), (list, before) => {
      const { bytes, offsets } = archivedEventAt(list)
      const order = new TextOrder()
      for (let i = 0; i < before; i += 1) order.push(-1)
      for (const offset of offsets) order.push(offset)
      order.sort(before, bytes)
      const inOrder = Array.from(list, (_, i) => order.at(before + i))
      const expected = list.map((_, i) => i).sort((a, b) => compare(list[a], list[b]) || a - b)
      expect(inOrder).toEqual(expected.map((i) => offsets[i]))
      expect(Array.from({ length: before }, (_, i) => order.at(i))).toEqual(Array(before).fill(-1))
    }),
  )
})

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)
