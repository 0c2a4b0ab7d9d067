import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendCanonical } from '../../shared/encoding/append-canonical.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import type { Json } from '../../shared/encoding/json.ts'
import { tidyJsonEnd } from '../../shared/encoding/tidy-json.ts'
import { anyCodePoint } from '../support/any-code-point.ts'
import { canonicalJson } from '../support/canonical-json.ts'
import { runLength } from '../support/run-length.ts'

const anyJson = fc.jsonValue({ maxDepth: 5, stringUnit: anyCodePoint }) as fc.Arbitrary<Json>
/** Names that come in an order of their own, or twice, and numbers in whatever form. */
const ODD_PARTS =
  '{ } [ ] , : "a" "b" "1" "é" "\\n" "\\u0041" 0 -0 1.50 0.000001 0.0000001 123456789012345 1234567890123456 1e3 true null nul . -'
const oddText = fc.array(fc.constantFrom(...ODD_PARTS.split(' '), ' '), { minLength: 1, maxLength: 12 })

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** @returns the value's end, with bytes behind it that belong to something else */
const endOf = (text: string, behind = '"x":1}'): number => {
  const bytes = Buffer.from(text + behind)
  return tidyJsonEnd(bytes, 0)
}

describe('JSON that is tidy', () => {
  test('is what JSON.stringify would write, in these very bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          oddText.map((parts) => parts.join('')),
          fc.json(),
          anyJson.map((v) => JSON.stringify(v)),
        ),
        (text) => {
          const end = endOf(text, '\0')
          if (end === -1) return
          const value = Buffer.from(text).subarray(0, end).toString()
          expect(JSON.stringify(parseText(value))).toBe(value)
        },
      ),
      { numRuns: runLength(1_000, 3_000) },
    )
  })

  test.each([
    '{"city":"Zürich","geo":{"latitude":47.37,"longitude":-8.5},"list":[1,true,null,""]}',
    '[]',
    '{}',
    '"\u2028"',
    '123456789012345',
  ])('%s is found to be', (text) => {
    expect(endOf(text)).toBe(Buffer.byteLength(text))
  })

  test.each([
    '{"a":1,"a":2}',
    '{"2":1}',
    '[1, 2]',
    '"\\u0041"',
    '1.0',
    '01',
    '-0',
    '1e3',
    '0.0000001',
    'nul',
    '"a',
  ])('%s is not', (text) => {
    expect(endOf(text, '')).not.toBe(Buffer.byteLength(text))
  })

  test('is not looked for deeper than a record may nest', () => {
    const deep = '['.repeat(1_000_000)
    expect(endOf(deep)).toBe(-1)
    expect(endOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toBe(128)
    expect(endOf(`${'['.repeat(65)}${']'.repeat(65)}`)).toBe(-1)
  })
})

test('the canonical form of what lies in memory is that of the value', () => {
  fc.assert(
    fc.property(anyJson, (value) => {
      const memory = new ByteWriter(16)
      const before = JSON.stringify(value)
      memory.text(`${before},"more":[1]`)
      const start = memory.length
      appendCanonical(memory, 0)
      expect(memory.since(start).toString()).toBe(canonicalJson(JSON.parse(before)))
    }),
    { numRuns: 1000 },
  )
})
