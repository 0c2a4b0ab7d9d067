import { describe, expect, test } from 'vitest'
import { scanRecords } from '../../shared/source/scan-records.ts'
import { split } from './split-under-test.ts'

const A = '{"time":"1"}'
const C = '{"time":"3"}'
const between = (broken: string) => split(`{"records":[${A},${broken},${C}]}`)

describe('between two records', () => {
  test.each([
    [
      'a record in a list within it, after an unknown escape',
      '{"time":"2","t":[{"x":1},{"time":"n"}],"b\\q":1}',
    ],
    ['a record in a list within it, after half a word', '{"time":"2","t":[{"x":1},{"time":"n"}],"b":tru}'],
    ['an object in place of an exponent', '{"x":1e-{"y":2}}'],
    ['a list that is broken', '["a" "b\\q"]'],
    ['a text with an unknown escape', '"b\\q"'],
    ['a text in place of a name', '"":1}'],
    ['an empty member with text behind it', '"":"a"'],
    ['an empty member without its first quote', '"":x"'],
    ['an empty member with letters for its name', 'x":""'],
    ['letters that begin like a byte order mark', 'ﻰ'],
    ['letters that begin and end like one', 'ﺿ'],
    ['letters that end like one', 'ỿ'],
  ])('%s is one broken record', (_, broken) => {
    expect(between(broken)).toEqual([A, `broken: ${broken}`, C])
  })

  test('a semicolon for a colon is a broken record, and the name before it one by itself', () => {
    expect(between('"";""')).toEqual([A, '""', 'broken: ;""', C])
  })

  test('a colon behind what is no text is a broken record of its own', () => {
    expect(between('7:1}')).toEqual([A, '7', 'broken: :1}', C])
  })

  test('a brace too many at its start is one of its own', () => {
    expect(between('{{"time":"2"}')).toEqual([A, 'broken: {', '{"time":"2"}', C])
  })

  test('a text whose content is records is a name where a colon follows', () => {
    expect(split(`["[{\\"a\\":1}]":1},${C}]`)).toEqual(['broken: "[{\\"a\\":1}]":1}', C])
  })
})

describe('among records that begin with names of their own', () => {
  test.each([
    ['an empty text', '{"x":tru,"y":""}'],
    ['a quote within a text', '{"x":tru,"y":"a\\"}b"}'],
    ['spaces behind', '{"x":tru }'],
  ])('a broken record ends at its own brace: %s', (_, broken) => {
    expect(split(`[${A},${broken} , {"id":1}]`)).toEqual([A, `broken: ${broken}`, '{"id":1}'])
  })

  test.each([
    ['a text', '"s"'],
    ['a number', '7'],
    ['a list', '[1]'],
  ])('a broken record ends at its own brace before %s', (_, next) => {
    expect(split(`[${A},{"x":tru},${next}]`)).toEqual([A, 'broken: {"x":tru}', next])
  })

  test('a text without its end takes the broken record before it, and no record behind it', () => {
    expect(split(`[${A},{"x":tru},"t,${C}]`)).toEqual([A, 'broken: {"x":tru},"t', C])
  })

  test('a text that lost its end swallows its neighbour no more than the brackets say', () => {
    expect(split(`[{"id":1},{"x":"y},{"id":2}]`)).toEqual(['{"id":1}', 'broken: {"x":"y}', '{"id":2}'])
    expect(split(`[{"id":1},{"x":1,{"y":2},{"id":3}]`)).toEqual([
      '{"id":1}',
      'broken: {"x":1',
      '{"y":2}',
      '{"id":3}',
    ])
  })

  test('what is behind its quote, up to a list, is of a text that is not closed', () => {
    expect(split(`[${A},{"x":tru} "s"`)).toEqual([A, 'broken: {"x":tru}', '"s"', 'cutOff: '])
    expect(split(`[${A},["a",tru,7`)).toEqual([A, 'cutOff: ["a",tru,7'])
    expect(split(`[${A},[`)).toEqual([A, 'cutOff: ['])
    expect(split('["x:"", 1]')).toEqual(['"x:"', 'cutOff: ", 1]'])
  })
})

describe('stray text', () => {
  test.each([
    ['a comma', 'x', ' , {"id":1}'],
    ['an object', 'x', ' {"id":1}'],
  ])('ends before %s', (_, text, rest) => {
    expect(split(`[${A},${text}${rest}]`)).toEqual([A, `broken: ${text}`, '{"id":1}'])
  })

  test.each(['x [1]', 'x "y"', 'b:1}5'])('with %j is one broken record up to the end of the list', (text) => {
    expect(split(`[${A},${text}]`)).toEqual([A, `broken: ${text}`])
  })

  test('ends before the bracket of its list, and before the end of the body', () => {
    expect(split(`[${A},xyz ]`)).toEqual([A, 'broken: xyz'])
    expect(split(`[${A},xyz`)).toEqual([A, 'broken: xyz'])
  })

  test('outside of a list ends behind a bracket', () => {
    expect(split(`${A} x]y,${C}`)).toEqual([A, 'broken: x]y', C])
    expect(split(`${A} x]y`)).toEqual([A, 'broken: x]y'])
    expect(split(`${A} "b\\q" ]`)).toEqual([A, 'broken: "b\\q"', 'broken: ]'])
    expect(split('{}]')).toEqual(['{}', 'broken: ]'])
  })

  test('whose object has no end takes the rest', () => {
    expect(split(`[${A}] ]"b\\q":2}`)).toEqual([A, 'cutOff: ]"b\\q":2}'])
    expect(split(`[${A},b":1},{"id":1}]`)).toEqual([A, 'cutOff: b":1},{"id":1}]'])
  })

  test('that begins a body of no records is not told apart', () => {
    expect(split('[1.[]]')).toBeUndefined()
    expect(split(']{}')).toBeUndefined()
    expect(split('["a":')).toBeUndefined()
  })
})

describe('the envelope', () => {
  test.each([
    ['a member that is broken', ',"x":tru}', ['broken: "x":tru}']],
    ['a member that is cut off', ',"x":tru', ['cutOff: "x":tru']],
    ['a comma and no more', ',', ['cutOff: ']],
    ['a member without a name', ',x]', ['broken: x', 'broken: ]']],
    ['a comma too many', ',}', []],
    ['members of its own', ',"x":{"y":[1]}}', []],
  ])('keeps its records before %s', (_, rest, expected) => {
    expect(split(`{"records":[${A}]${rest}`)).toEqual([A, ...expected])
  })

  test('whose records are a text may be broken behind them', () => {
    const text = JSON.stringify(`[${A}]`)
    const within = text.slice(2, -2)
    expect(split(`{"records":${text},x}`)).toEqual([within, 'broken: x}'])
    expect(split(`{"records":${text},"records":[${C}]}`)).toEqual([within, C])
    expect(split(`{"records":"x","records":[${C}]}`)).toEqual([C])
  })

  test('without a first record is broken, and cut off', () => {
    expect(split('{"a":1,"records":[}]')).toEqual(['broken: }', 'cutOff: '])
  })

  test('without its brace takes no record with it, and never goes back', () => {
    expect(split(`"records":[} {${C}"x":tru}]`)).toEqual([
      'broken: "records":[}',
      'broken: {',
      C,
      'broken: "x":tru}',
      'broken: ]',
    ])
    expect(split('[{"id":1}{"":""')).toEqual(['{"id":1}', 'cutOff: {"":""'])
  })

  test.each(['{"records":null,"z":1}', '{"z":1,"records":null}', '{"records":"none","z":1}'])(
    '%s is not told apart',
    (body) => {
      expect(split(body)).toBeUndefined()
    },
  )

  test.each(['recordsX', 'record', 'xrecords'])('is a record where its list is named %s', (name) => {
    const body = `{"${name}":[${A}]}`
    expect(split(body)).toEqual([body])
  })
})

test('a text that begins with a text is not told apart, nor one of no bracket', () => {
  expect(split(JSON.stringify(`"a" ${A}`))).toBeUndefined()
  expect(split(JSON.stringify(`"a":1},${A}`))).toBeUndefined()
  expect(split('"}"')).toBeUndefined()
  expect(split(`"]" ${C}`)).toEqual(['"]"', C])
})

describe('a text written in codes', () => {
  test('has its quotes and brackets as codes too', () => {
    const record = '\\u007b\\u0022time\\u0022:1}'
    expect(split(`"[${record},\\ufeff${record}]"`)).toEqual([record, record])
  })

  test('has no bracket where a code only ends like one', () => {
    const broken = '\\u017b\\"x\\":2}'
    expect(split(`"[{\\"time\\":1},${broken},{\\"time\\":3}]"`)).toEqual([
      '{\\"time\\":1}',
      `broken: ${broken}`,
      '{\\"time\\":3}',
    ])
  })
})

describe('the records that a message may have', () => {
  const zeros = (count: number) => `[${'0,'.repeat(count - 1)}0]`
  const states = (body: string) => scanRecords(Buffer.from(body))?.map(({ state }) => state) ?? []

  test('are as many as their bound, the last with all that is left', () => {
    const bound = 1024 + 32
    const body = zeros(1100)
    expect(body.length).toBe(2201)
    expect(states(body).length).toBe(bound + 2)
    expect(states(body).filter((state) => state === 'intact').length).toBe(bound + 1)
    expect(states(zeros(1050)).every((state) => state === 'intact')).toBe(true)
  })

  test('are as many where a text holds the last', () => {
    const body = `[${'0,'.repeat(1000)}${JSON.stringify(zeros(200))},${C}]`
    const found = states(body)
    expect(found.length).toBe(1024 + Math.floor(body.length / 64))
    expect(found.slice(-2)).toEqual(['surplus', 'surplus'])
  })
})
