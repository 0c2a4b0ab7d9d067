import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../../shared/source/parse-json.ts'
import { ValueCheck } from '../../shared/source/value-check.ts'
import { isJson } from '../support/is-json.ts'
import { runLength } from '../support/run-length.ts'
import { jsonText, recordText } from './source-arbitraries.ts'

/**
 * The same text with control characters within strings escaped, and with null for the words that
 * stand for a number that is none.
 */
const mended = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\[\s\S])*"|[-+.\w]+/g, (token) =>
    token.startsWith('"')
      ? token.replace(/\\[\s\S]|[^ -\uffff]/g, (c) =>
          c.length > 1 ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
      : token.replace(/^[-+]?(?:nan|inf|infinity)$/i, 'null'),
  )

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
  'NaN',
  'inf',
  '-Infinity',
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

const candidate = fc.oneof(
  jsonText,
  nearlyJson,
  fc.array(fc.constantFrom(...PIECES)).map((pieces) => pieces.join('')),
)
const trimmed = candidate.map((text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''))

test('bytes pass as a value exactly where a JSON parser takes them once they are mended, and their nesting is told', () => {
  fc.assert(
    fc.property(trimmed, (text) => {
      const bytes = Buffer.from(text)
      const check = new ValueCheck(bytes)
      const passes = check.end(0) === bytes.length
      expect(passes).toBe(isJson(mended(bytes.toString())))
      expect(passes ? check.depth : 0).toBe(passes ? nestingOf(text) : 0)
    }),
    { numRuns: runLength(500, 2_000) },
  )
})

test('what passes as a value is read, and what is JSON to the letter is told from what is not', () => {
  fc.assert(
    fc.property(trimmed, (text) => {
      const bytes = Buffer.from(text)
      const check = new ValueCheck(bytes)
      const passes = check.end(0) === bytes.length
      const parsed = parseJson(bytes.toString(), check.hasLongNumber)
      expect(parsed !== undefined).toBe(passes)
      expect(parsed?.isJson ?? false).toBe(isJson(bytes.toString()))
    }),
    { numRuns: runLength(500, 2_000) },
  )
})

test('a value is what a JSON parser makes of it, but for numbers that no double holds', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
    fc.bigInt().map(String),
    fc
      .tuple(fc.integer(), fc.nat(), fc.integer({ min: -330, max: 330 }))
      .map(([a, b, e]) => `${a}.${b}e${e}`),
    fc.constantFrom(
      '639120780694410001',
      '9007199254740993',
      '1e400',
      '-1e-400',
      '0e999',
      '1.0',
      '52.100000000000001',
    ),
  )
  fc.assert(
    fc.property(number, (text) => {
      const [value] = (parseJson(`[${text}]`) ?? { value: [] }).value as readonly unknown[]
      const isHeld = typeof value === 'number'
      expect(value).toBe(isHeld ? JSON.parse(text) : text)
      const digits = (n: string) => n.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '')
      const wanted = digits(text)
      const held =
        Number.isFinite(Number(text)) && wanted.length <= 100
          ? digits(Number(text).toPrecision(Math.max(1, wanted.length)))
          : ''
      expect(isHeld).toBe(held === wanted)
    }),
    { numRuns: runLength(500, 2_000) },
  )
})
