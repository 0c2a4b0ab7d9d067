import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { feedContentType, feedMessages } from '../../../../local/stack/feed/feed-body.ts'
import { feedLines } from '../../../../local/stack/feed/feed-lines.ts'

const texts = (content: string | Uint8Array) =>
  feedLines(Buffer.from(content)).map((line) => Buffer.from(line).toString('latin1'))

describe('lines of a feed', () => {
  it('leave the text of a bare record as it is', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (record) => {
        const text = JSON.stringify(record)
        const [line] = feedLines(Buffer.from(`${text}\n`))
        const expected = Object.hasOwn(record, 'records') ? text : `{"records":[${text}]}`
        expect(Buffer.from(line ?? []).toString()).toBe(expected)
      }),
    )
  })

  it('come out as they went in when they are no records, whatever the bytes', () => {
    const line = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((bytes) => [0xff, ...bytes.filter((b) => b !== 0x0a && b !== 0x0d)])
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.constantFrom([0x0a], [0x0d, 0x0a]), (lines, end) => {
        const content = Uint8Array.from(lines.flatMap((bytes) => [...bytes, ...end]))
        expect(feedLines(content).map((l) => [...l])).toEqual(lines)
      }),
    )
  })

  it('leave out a byte order mark at the start, so that the first record stays readable', () => {
    expect(texts('\ufeff{"a":1}')).toEqual(['{"records":[{"a":1}]}'])
  })

  it('keep a key named __proto__ from passing for an envelope', () => {
    expect(texts('{"__proto__":{"records":[]}}')).toEqual(['{"records":[{"__proto__":{"records":[]}}]}'])
  })
})

describe('a posted body', () => {
  it('is one message unless it is newline-delimited JSON', () => {
    const body = Buffer.from('{"a":1}\n{"b":2}')
    expect(feedMessages(body, 'application/json')).toEqual([body])
    expect(feedMessages(body, 'application/octet-stream')).toEqual([body])
    expect(feedMessages(body, 'application/x-ndjson')).toHaveLength(2)
  })

  it('is known by its content type, parameters and case aside', () => {
    expect(feedContentType('Application/JSON; charset=utf-8')).toBe('application/json')
    expect(feedContentType('text/plain')).toBeUndefined()
    expect(feedContentType(undefined)).toBeUndefined()
  })
})
