import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinesBuffer } from '../../shared/archive/lines-buffer.ts'

test('lines of any texts and bytes are their UTF-8, a line feed after each, however little room there was', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  )
  fc.assert(
    fc.property(fc.array(fc.array(piece)), fc.nat(200), (lines, expectedBytes) => {
      const buffer = new LinesBuffer(expectedBytes)
      for (const line of lines) {
        for (const part of line) {
          if (typeof part === 'string') buffer.text(part)
          else buffer.bytes(part)
        }
        buffer.endLine()
      }
      const expected = lines.map((line) =>
        Buffer.concat([...line.map((p) => Buffer.from(p)), Buffer.from('\n')]),
      )
      expect(buffer.lines).toBe(lines.length)
      expect(buffer.content()).toEqual(Buffer.concat(expected))
    }),
  )
})
