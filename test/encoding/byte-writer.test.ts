import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import { Literal } from '../../shared/encoding/literal.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: anyCodePoint }),
  fc.string({ unit: anyCodePoint }).map((t) => t.repeat(9)),
)
const piece = fc.oneof(
  anyText.map((text) => ({ kind: 'text', text }) as const),
  fc.string({ unit: 'binary-ascii' }).map((text) => ({ kind: 'ascii', text }) as const),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ kind: 'all', bytes }) as const),
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => ({ kind: 'copy', bytes }) as const),
  anyText.map((text) => ({ kind: 'literal', text }) as const),
  fc.maxSafeInteger().map((integer) => ({ kind: 'integer', integer }) as const),
  fc.tuple(fc.nat(), fc.nat()).map(([from, count]) => ({ kind: 'own', from, count }) as const),
)

function writerOf(bytes: Uint8Array): ByteWriter {
  const writer = new ByteWriter(0)
  writer.all(bytes)
  return writer
}

test('what is written stands one after the other, however little room there was', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(64), (pieces, expectedBytes) => {
      const writer = new ByteWriter(expectedBytes)
      let expected = Buffer.alloc(0)
      for (const one of pieces) {
        const before = expected
        switch (one.kind) {
          case 'text':
          case 'ascii':
            writer[one.kind](one.text)
            expected = Buffer.concat([before, Buffer.from(one.text)])
            break
          case 'literal':
            writer.literal(new Literal(one.text))
            expected = Buffer.concat([before, Buffer.from(one.text)])
            break
          case 'all':
            writer.all(one.bytes)
            expected = Buffer.concat([before, one.bytes])
            break
          case 'copy':
            writer.copy(writerOf(one.bytes), 1, one.bytes.length)
            expected = Buffer.concat([before, one.bytes.subarray(1)])
            break
          case 'integer':
            writer.integer(one.integer)
            expected = Buffer.concat([before, Buffer.from(String(one.integer))])
            break
          case 'own': {
            const from = one.from % (before.length + 1)
            const to = Math.min(before.length, from + (one.count % 100))
            writer.copy(writer, from, to)
            expected = Buffer.concat([before, before.subarray(from, to)])
          }
        }
        expect(writer.length).toBe(expected.length)
      }
      expect(writer.since(0)).toEqual(expected)
    }),
  )
})
