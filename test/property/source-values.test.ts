import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ValueCheck } from '../../shared/source/value-check.ts'
import { jsonText, recordText } from './source-arbitraries.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Nesting of a JSON text, by its brackets outside strings. */
function nestingOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (const bracket of json.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/[[\]{}]/g) ?? []) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

const PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\\u00e9',
  '\\u12x',
  'true',
  'nul',
  '-',
  '0',
  '01',
  '1.',
  'e+',
  '\n',
  ' ',
  '\u0001',
  'é',
]

/** Texts that are JSON, and texts with one piece put in or in place of some characters. */
const nearlyJson = fc
  .tuple(fc.oneof(jsonText, recordText), fc.nat(), fc.nat({ max: 2 }), fc.constantFrom('', ...PIECES))
  .map(([text, at, remove, piece]) => {
    const offset = at % (text.length + 1)
    return text.slice(0, offset) + piece + text.slice(offset + remove)
  })

test('bytes pass as a value exactly where a JSON parser takes them, and their nesting is told', () => {
  const text = fc.oneof(
    jsonText,
    nearlyJson,
    fc.array(fc.constantFrom(...PIECES)).map((pieces) => pieces.join('')),
  )
  fc.assert(
    fc.property(text, (candidate) => {
      const trimmed = candidate.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
      const bytes = Buffer.from(trimmed)
      const check = new ValueCheck(bytes)
      const passes = check.end(0) === bytes.length
      expect(passes).toBe(isJson(bytes.toString()))
      expect(passes ? check.depth : 0).toBe(passes ? nestingOf(trimmed) : 0)
    }),
    { numRuns: 1000 },
  )
})
