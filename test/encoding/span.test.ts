import { expect, test } from 'vitest'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import { joinedBytes, joinSpans, type Span } from '../../shared/encoding/span.ts'

const FRAMING = { open: '<<', separator: '--', close: '>' }

/** A span after this room in memory. */
function written(memory: ByteWriter, room: string, text: string): Span {
  memory.text(room)
  const start = memory.length
  memory.text(text)
  return { memory, start, end: memory.length }
}

test('spans are joined alike, wherever they lie and whatever is in the room before them', () => {
  const [one, other] = [new ByteWriter(8), new ByteWriter(8)]
  const spans = [
    written(one, '??', 'a'),
    written(one, '??', 'bb'),
    written(one, '', 'c'),
    written(other, '???', 'd'),
    written(other, '!!', ''),
    written(one, '--', 'e'),
  ]
  const body = joinSpans(FRAMING, spans)
  expect(body.toString()).toBe('<<a--bb--c--d----e>')
  expect(joinedBytes(FRAMING, spans)).toBe(body.length)
  const memory = Buffer.alloc(64, '#')
  expect(joinSpans(FRAMING, spans, memory).equals(body)).toBe(true)
  expect(memory.toString('latin1', body.length)).toMatch(/^#+$/)
})
