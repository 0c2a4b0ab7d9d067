import { describe, expect, test } from 'vitest'
import type { Json } from '../../shared/encoding/json.ts'
import { canonicalJson } from '../support/canonical-json.ts'

describe('canonical JSON', () => {
  test('sorts names by UTF-16 code units, as the RFC shows it', () => {
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
    expect(canonicalJson(names)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    )
  })

  test('sorts names that look like numbers as texts', () => {
    expect(canonicalJson({ '9': 1, '10': 2 })).toBe('{"10":2,"9":1}')
  })

  test.each<readonly [Json, string]>([
    [JSON.parse('333333333.33333329'), '333333333.3333333'],
    [1e30, '1e+30'],
    [4.5, '4.5'],
    [2e-3, '0.002'],
    [1e-27, '1e-27'],
    [-0, '0'],
    [[56, { d: true, '10': null, '1': [] }], '[56,{"1":[],"10":null,"d":true}]'],
    ['\u20ac$\u000f\nA\'B"\\\\"/', '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [{ b: { z: 1, a: [{ y: 1, x: 2 }] }, a: null }, '{"a":null,"b":{"a":[{"x":2,"y":1}],"z":1}}'],
    [[], '[]'],
    [null, 'null'],
  ])('of %j', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  test('keeps a name that would set a prototype', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}')
  })

  test('takes what a parser gives and the RFC refuses, and tells it apart', () => {
    const texts = ['"\\ud800"', '"\\udc00"', '["\\ud800",{"a":"\\udfff"}]', '{"\\ud83d":1e999}'].map((text) =>
      canonicalJson(JSON.parse(text)),
    )
    expect(texts).toEqual(['"\\ud800"', '"\\udc00"', '["\\ud800",{"a":"\\udfff"}]', '{"\\ud83d":null}'])
  })

  test('of nothing is a bug', () => {
    expect(() => canonicalJson(undefined as unknown as Json)).toThrow(TypeError)
  })
})
