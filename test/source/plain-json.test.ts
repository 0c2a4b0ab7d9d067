import { describe, expect, it } from 'vitest'
import { plainJson } from '../../shared/source/plain-json.ts'

const LARGEST_OF_100_DIGITS = String(2n ** 332n)
const OF_101_DIGITS = String(2n ** 333n)

describe('a number', () => {
  it.each([
    '0',
    '-0',
    '0.0',
    '-0.00e7',
    '0e999',
    '0E-999',
    '1',
    '-1.0',
    '0.1',
    '-0.0012500',
    '12300',
    '52.100000000000001',
    '1.5e10',
    '1.50E+10',
    '5e-324',
    '9007199254740992',
    LARGEST_OF_100_DIGITS,
  ])('that a double holds, %s, stays as it is', (number) => {
    expect(plainJson(number)).toBe(number)
    expect(plainJson(`{"a":[${number},${number}]}`)).toBe(`{"a":[${number},${number}]}`)
  })

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '0.10000000000000000001',
    '1e400',
    '-1.5E400',
    '1e-400',
    '0.1e-400',
    '639120780694410001e2',
    OF_101_DIGITS,
  ])('that none holds, %s, is a text', (number) => {
    expect(plainJson(number)).toBe(`"${number}"`)
    expect(plainJson(`{"a":[${number},${number}]}`)).toBe(`{"a":["${number}","${number}"]}`)
  })

  it.each([
    '09007199254740993',
    '1.e400',
    '.9007199254740993',
    '+9007199254740993',
    '1e',
    '9007199254740993x',
  ])('that JSON does not have, %s, stays as it is', (number) => {
    expect(plainJson(number)).toBe(number)
  })
})

describe('a word', () => {
  it.each(['NaN', 'nan', '-NaN', 'Infinity', '-Infinity', '+infinity', 'inf', '-INF'])(
    '%s is null',
    (word) => {
      expect(plainJson(`[${word},1,${word}]`)).toBe('[null,1,null]')
    },
  )

  it.each(['true', 'null', 'NaNs', 'xNaN', 'infinit', 'infi', '--inf', 'undefined'])('%s stays', (word) => {
    expect(plainJson(`[${word}]`)).toBe(`[${word}]`)
  })
})

describe('a string', () => {
  it.each([
    ['"a\n\t\0b"', '"a\\u000a\\u0009\\u0000b"'],
    ['"\u007f\u009f\u00a0é"', '"\\u007f\\u009f\u00a0é"'],
    ['{"\n":"\r",\n"a":1}', '{"\\u000a":"\\u000d",\n"a":1}'],
    ['"unclosed\n', '"unclosed\\u000a'],
    ['"unclosed\\', '"unclosed\\'],
  ])('with control characters, %j, has their codes, and only there', (text, expected) => {
    expect(plainJson(text)).toBe(expected)
  })

  it.each([
    '""',
    '"NaN, 9007199254740993"',
    '"\\" NaN \\\\"',
    '"\\\\\\" 1e400"',
    '{"":"","NaN":"1e400"}',
    '"\\q \\u12 \\\n\\\0"',
    '"1e400',
    '',
    ' ',
  ])('%j is not touched', (text) => {
    expect(plainJson(text)).toBe(text)
  })

  it('ends at a quote behind an even number of backslashes', () => {
    expect(plainJson('["\\\\",NaN,"\\"",NaN,"a\\\\\\"NaN",1e400]')).toBe(
      '["\\\\",null,"\\"",null,"a\\\\\\"NaN","1e400"]',
    )
  })
})
