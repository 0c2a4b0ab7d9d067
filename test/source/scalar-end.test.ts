import { describe, expect, test } from 'vitest'
import { isJsonWord, isLongNumber, stringEnd, wordOrNumberEnd } from '../../shared/source/scalar-end.ts'

/** Where it stops being JSON, as the functions say it. */
const broken = (at: number): number => ~at

describe('a string', () => {
  const endOf = (text: string) => stringEnd(Buffer.from(`[${text},"`), 1) - 1

  test.each([
    '""',
    '"é😀"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"\\u0189\\uabef\\uABEF"',
    '"a b"',
    '"\u001f"',
    '"\0\n"',
  ])('%j ends at its quote', (text) => {
    expect(endOf(text)).toBe(Buffer.byteLength(text))
  })

  test.each([
    ['"\\q0000"', 2],
    ['"\\U0000"', 2],
    ['"\\u/000"', 3],
    ['"\\u0:00"', 4],
    ['"\\u00@0"', 5],
    ['"\\u000G"', 6],
    ['"\\u000`"', 6],
    ['"\\u000g"', 6],
    ['"\\u000"', 6],
  ])('%j is none from offset %i on', (text, at) => {
    expect(stringEnd(Buffer.from(text), 0)).toBe(broken(at))
  })

  test.each(['"', '"a', '"\\"', '"\\', '"\\u12'])('%j is cut off', (text) => {
    expect(stringEnd(Buffer.from(text), 0)).toBeLessThan(0)
  })

  test.each([
    ['"a b"', false],
    ['"\\n"', false],
    ['"a\u001f"', true],
    ['"\0"', true],
  ])('whether %j is only lenient JSON: %s', (text, isLenient) => {
    const found = { isLenient: false }
    stringEnd(Buffer.from(text), 0, found)
    expect(found).toEqual({ isLenient })
  })
})

describe('a word or number', () => {
  const STRICT = ['0', '-0', '7', '-10', '0.5', '-12.25', '1e5', '1E+2', '1.5e-07', 'true', 'false', 'null']
  const LENIENT = ['NaN', 'nan', '-nan', 'inf', '-inf', '+inf', 'Infinity', '-INFINITY', '+infinity']

  test.each([...STRICT, ...LENIENT])('%s ends with its last letter', (text) => {
    expect(wordOrNumberEnd(Buffer.from(text), 0)).toBe(text.length)
    expect(wordOrNumberEnd(Buffer.from(`[${text}]`), 1)).toBe(text.length + 1)
  })

  test.each(STRICT)('%s is strict JSON', (text) => {
    expect(isJsonWord(Buffer.from(`,${text}`), 1)).toBe(true)
  })

  test.each(LENIENT)('%s is not strict JSON', (text) => {
    expect(isJsonWord(Buffer.from(`,${text}`), 1)).toBe(false)
  })

  test.each([
    ['-', 1],
    ['-x', 1],
    ['+', 0],
    ['+1', 0],
    ['.5', 0],
    ['1.', 2],
    ['1.e5', 2],
    ['1e', 2],
    ['1e+', 3],
    ['1e-x', 3],
    ['tru', 3],
    ['nulL', 3],
    ['falsy', 4],
    ['x', 0],
    ['', 0],
  ])('%j is none from offset %i on', (text, at) => {
    expect(wordOrNumberEnd(Buffer.from(text), 0)).toBe(broken(at))
  })

  test.each(['infx', 'inf0', 'inf.', 'inf-', 'inf+', 'inf_', 'infinit', 'infinityy'])(
    '%s is none',
    (text) => {
      expect(wordOrNumberEnd(Buffer.from(text), 0)).toBeLessThan(0)
    },
  )

  test.each([
    ['01', 1],
    ['1d5', 1],
    ['1D5', 1],
    ['0x1', 1],
    ['true1', 4],
  ])('%s ends within', (text, end) => {
    expect(wordOrNumberEnd(Buffer.from(text), 0)).toBe(end)
  })
})

describe('a number that a double may not hold', () => {
  const isLong = (token: string): boolean => isLongNumber(Buffer.from(`1e${token}e1`), 2, 2 + token.length)

  test.each(['9999999999999999', '-1.0000000000000', '1e5', '9E5', '-1e400'])('%s may be one', (token) => {
    expect(isLong(token)).toBe(true)
  })

  test.each(['999999999999999', '0', '-1', '0.5', 'true', 'false', 'nan', 'Infinity'])(
    '%s is none',
    (token) => {
      expect(isLong(token)).toBe(false)
    },
  )
})
