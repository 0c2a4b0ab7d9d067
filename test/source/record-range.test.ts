import { describe, expect, test } from 'vitest'
import { MemberTape } from '../../shared/source/member-tape.ts'
import type { RecordRange } from '../../shared/source/record-range.ts'
import { scanRecords } from '../../shared/source/scan-records.ts'

const scan = (body: string): readonly RecordRange[] => scanRecords(Buffer.from(body), new MemberTape()) ?? []

/** The members of each record, by level. */
const membersOf = (body: string): readonly (readonly string[])[] => {
  const bytes = Buffer.from(body)
  const text = (from: number, to: number) => bytes.toString('utf8', from, to)
  return scan(body).map(({ members }) => {
    if (members === undefined) return ['none']
    const { tape, from, to } = members
    return Array.from({ length: to - from }, (_, k) => from + k).map(
      (at) =>
        `${tape.level(at)} ${text(tape.nameStart(at), tape.nameEnd(at))} ${text(tape.valueStart(at), tape.valueEnd(at))}`,
    )
  })
}

describe('the levels of a record', () => {
  test.each([
    ['[1,"a",null,true]', [0, 0, 0, 0]],
    ['{"records":[{},{"a":1},[],[[]]]}', [1, 1, 1, 2]],
    ['{"a":{"b":{"c":[1]}}}', [4]],
    ['{"a":{"b":1},"c":2}', [2]],
    ['{"a":1,"b":2}', [1]],
    ['{"a":[[]]}{"a":[]}', [3, 2]],
    ['[[[1]],1]', [2, 0]],
  ])('of %s are %j', (body, depths) => {
    expect(scan(body).map(({ depth }) => depth)).toEqual(depths)
  })

  test.each([63, 64, 65, 70])('are told up to 64: %i', (levels) => {
    const lists = '['.repeat(levels) + ']'.repeat(levels)
    const objects = '{"a":'.repeat(levels) + 1 + '}'.repeat(levels)
    expect(scan(`{"records":[${lists},${objects},{}]}`).map(({ depth }) => depth)).toEqual([
      Math.min(levels, 65),
      Math.min(levels, 65),
      1,
    ])
  })

  test('are told of the value behind four that are too deep and not closed no more', () => {
    const open = `{"time":${'['.repeat(70)}}`
    const closed = `{"time":${'['.repeat(70)}${']'.repeat(70)}}`
    const body = (count: number) => `{"records":[${`${open},`.repeat(count)}${closed},{"time":1}]}`
    expect(scan(body(3)).map(({ state }) => state)).toEqual([
      ...Array.from({ length: 3 }, () => 'broken'),
      'intact',
      'intact',
    ])
    expect(scan(body(4)).map(({ state }) => state)).toEqual([
      ...Array.from({ length: 5 }, () => 'broken'),
      'intact',
    ])
  })
})

describe('from the first on that', () => {
  const longNumbers = (body: string) => scan(body).map(({ hasLongNumber }) => hasLongNumber)
  const lenient = (body: string) => scan(body).map(({ isLenient }) => isLenient)

  test('has a number beyond a double, records are said to have one', () => {
    expect(longNumbers('[1,{"a":1e5},2]')).toEqual([false, true, true])
    expect(longNumbers('{"a":1}{"a":12345678901234567}{"a":1}')).toEqual([false, true, true])
  })

  test('is lenient JSON, records are said to be', () => {
    expect(lenient('[1,{"a":NaN},2]')).toEqual([false, true, true])
    expect(lenient('["a","\u001f","a"]')).toEqual([false, true, true])
    expect(lenient('{"records":[1,{"a":"\n"},2]}')).toEqual([false, true, true])
  })

  test('is in a text, records are lenient, since they are escaped', () => {
    expect(lenient(JSON.stringify('[{"a":1}]'))).toEqual([true])
  })
})

describe('the members of a record', () => {
  test('are those of its two outer levels of objects, whole', () => {
    expect(
      membersOf('{"records":[{"a":1,"b":{"c":[1,2],"d":{"e":3}},"f":[{"g":4}]}, {"h" : "x" }]}'),
    ).toEqual([
      ['1 "a" 1', '1 "b" {"c":[1,2],"d":{"e":3}}', '2 "c" [1,2]', '2 "d" {"e":3}', '1 "f" [{"g":4}]'],
      ['1 "h" "x"'],
    ])
  })

  test('are none where it is no object, or the body itself', () => {
    expect(membersOf('[[1,"a"],"x",1]')).toEqual([[], [], []])
    expect(membersOf('{"a":1}')).toEqual([['none']])
  })

  test('are its own where records before it are broken', () => {
    expect(membersOf('{"records":[{"x"]:tru},{"time":1}]}').slice(1)).toEqual([['1 "time" 1']])
  })

  test('stay as they are, whatever broke in the message before', () => {
    membersOf('{"records":[{"a":{"b":tru}}]}')
    expect(membersOf('{"records":[{"c":1,"d":2},[[3]]]}')).toEqual([['1 "c" 1', '1 "d" 2'], []])
    membersOf('{"records":[{"a":tru}]}')
    expect(membersOf('{"records":[{"c":1},[3]]}')).toEqual([['1 "c" 1'], []])
  })
})
