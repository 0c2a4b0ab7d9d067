import { describe, expect, test } from 'vitest'
import { scanRecords } from '../../shared/source/scan-records.ts'
import { split } from './split-under-test.ts'

const A = '{"time":"1","p":{"x":[1,{"y":"}]"}]}}'
const B = '{"time":"2","info":"[{\\"Key\\":\\"a\\"}]"}'
const C = '{"time":"3"}'

describe('shapes of a body', () => {
  test.each([
    ['an object with records', `{"records":[${A},${B}]}`, [A, B]],
    ['records named in other letters', `{"ReCoRdS":[${A}]}`, [A]],
    ['records named twice', `{"records":[${A}],"records":[${B}]}`, [A, B]],
    ['members before and after', `{"a":[{"records":[1]}],"records":[${A}],"z":"]"}`, [A]],
    ['no records', '{"records":[]}', []],
    ['an empty list', ' [ ] ', []],
    ['a bare list', `[${A},${B}]`, [A, B]],
    ['a bare record', A, [A]],
    ['a list of envelopes and records', `[{"records":[${A}]},${B},{"x":1,"records":[${C}]}]`, [A, B, C]],
    ['one value a line', `${A}\r\n${B}\n{"records":[${C}]}`, [A, B, C]],
    ['white space everywhere', ` \r\n{ "records" :\t[ ${A} ,\n${B} ]\n} `, [A, B]],
    ['a byte order mark', `\ufeff{"records":[${A}]}`, [A]],
    [
      'scalars among the records',
      `{"records":[null,${A},-1.5e3,"x\\u00e9",true,[]]}`,
      ['null', A, '-1.5e3', '"x\\u00e9"', 'true', '[]'],
    ],
    ['commas without values', `[,${A},,${B},]`, [A, B]],
    ['nameless members as junk', `"":"",{"":"","records":["" : "",${A},"":"",${B},"":""]}`, [A, B]],
    ['an object without records', '{}', ['{}']],
    ['raw control characters in texts', `[{"time":"a\u001b\n\0b"},${A}]`, ['{"time":"a\u001b\n\0b"}', A]],
    ['words for numbers that are none', `[{"x":[NaN,-Infinity,inf]},${A}]`, ['{"x":[NaN,-Infinity,inf]}', A]],
    ['byte order marks between values', `\ufeff${A}\n\ufeff{"records":[\ufeff${B}]}\ufeff`, [A, B]],
    ['zeros after, before and between values', `\0\0${A}\0{"records":[${B}]}\0\0\0`, [A, B]],
    ['an envelope within records', `{"records":[{"records":[${A}]}]}`, [`{"records":[${A}]}`]],
  ])('%s', (_, body, expected) => {
    expect(split(body)).toEqual(expected)
  })

  test.each([
    ['nothing', ''],
    ['white space', ' \r\n\t'],
    ['a byte order mark alone', '\ufeff'],
    ['a scalar', '42'],
    ['a text', '"records"'],
    ['plain text', 'started {ok}'],
    ['records that are no list', '{"records":null}'],
    ['records that are an object', `{"records":${A}}`],
    ['an object cut off before its records', '{"a":1,"rec'],
    ['a list cut off before its first record', '{"records":['],
    ['a bare record cut off', A.slice(0, -1)],
    ['text in brackets', '[INFO] started'],
    ['text in braces', '{started}'],
  ])('%s is not told apart', (_, body) => {
    expect(split(body)).toBeUndefined()
  })
})

describe('a body sent as the text of a string', () => {
  const asText = (text: string) => JSON.stringify(text)
  /** A record as it stands in such a body, its quotes escaped. */
  const within = (record: string) => asText(record).slice(1, -1)

  test.each([
    ['an envelope', asText(`{"records":[${A},${B}]}`), [within(A), within(B)]],
    ['a list', asText(` [${A},${B}] `), [within(A), within(B)]],
    ['one record', asText(A), [within(A)]],
    ['records one a line', asText(`${A}\r\n${B}`), [within(A), within(B)]],
    ['the list of records', `{"a":1,"records":${asText(`[${A},${B}]`)},"z":2}`, [within(A), within(B)]],
    ['a record of the list of records', `{"records":[${asText(A)},${C}]}`, [asText(A), C]],
    ['records of a list', `[${asText(A)},${asText(B)},${C}]`, [within(A), within(B), C]],
    [
      'several one after the other',
      `${asText(A)}\n${asText(`{"records":[${B}]}`)} ${C}`,
      [within(A), within(B), C],
    ],
    ['a text with a byte order mark', asText(`\ufeff${A}\0`), [within(A)]],
    ['a text with a byte order mark that is escaped', `"\\ufeff${within(A)}"`, [within(A)]],
    ['a text of no records', asText('{"records":[]}'), []],
    [
      'a broken record among others',
      asText(`[${A},{"time":tru},${C}]`),
      [within(A), `broken: ${within('{"time":tru}')}`, within(C)],
    ],
    [
      'letters beyond ASCII',
      asText('[{"time":"é😀"},{"time":"\\u00e9"}]'),
      [within('{"time":"é😀"}'), within('{"time":"\\u00e9"}')],
    ],
  ])('%s', (_, body, expected) => {
    expect(split(body)).toEqual(expected)
  })

  test.each([
    ['a text in a text', asText(asText(A))],
    ['a list of records in a text in a text', asText(`{"records":${asText(`[${A}]`)}}`)],
    ['a text that is cut off', asText(`[${A},${B}]`).slice(0, -1)],
    ['two texts that say nothing', '"a" "b"'],
    ['records that are another text', '{"records":"none"}'],
  ])('%s is not told apart', (_, body) => {
    expect(split(body)).toBeUndefined()
  })
})

describe('a broken record does not take its neighbours down', () => {
  const between = (broken: string) => split(`{"records":[${A},${broken},${C}]}`)

  test.each([
    ['a value that is none', '{"time":"2","x":tru,"y":{"z":[]}}'],
    ['a number that is none', '{"time":"2","x":01}'],
    ['a name without quotes', '{"time":"2",x:1}'],
    ['a first name without quotes', '{time:"2"}'],
    ['a colon that is none', '{"time":"2","x";"y"}'],
    ['a comma too many', '{"time":"2","x":[1,],}'],
    ['a closing brace missing', '{"time":"2","x":{"y":1}'],
    ['a closing brace missing within', '{"time":"2","x":{"y":1,"z":{"a":2}'],
    ['a closing bracket missing', '{"time":"2","x":["y","z"}'],
    ['a closing quote missing', '{"time":"2","x":"y}'],
    ['an opening quote missing', '{"time":"2","x":y"}'],
    ['the quote of a name missing', '{"time":"2","x:"y"}'],
    ['an unknown escape', '{"time":"2","x":"\\q"}'],
    ['a brace in place of a bracket', '{"time":"2","x":["y"}}'],
    ['plain text', '<html>Bad Gateway</html>'],
    ['half a word', 'nul'],
    ['its opening brace missing', '"time":"2","x":{"y":1}}'],
    ['its first name cut', '{me":"2","x":{"y":1}}'],
  ])('%s', (_, broken) => {
    expect(between(broken)).toEqual([A, `broken: ${broken}`, C])
  })

  test('a brace too many is a broken record of its own', () => {
    expect(between(`${B}}`)).toEqual([A, B, 'broken: }', C])
  })

  test('records that begin with other names are found by their brackets', () => {
    const other = '{"id":"9"}'
    expect(split(`[${A},{"x":tru},${other},${C}]`)).toEqual([A, 'broken: {"x":tru}', other, C])
  })

  test('a comma missing between records breaks neither', () => {
    expect(split(`[${A} ${B}${C}]`)).toEqual([A, B, C])
  })

  test('an envelope that is broken after its records keeps them, and the next envelope', () => {
    expect(split(`[{"records":[${A}],x},{"records":[${B}]}]`)).toEqual([A, 'broken: x}', B])
  })

  test('text after the envelope is kept', () => {
    expect(split(`{"records":[${A}]} -- end`)).toEqual([A, 'broken: -- end'])
    expect(split(`{"records":[${A}]]}`)).toEqual([A, 'broken: ]}'])
  })
})

describe('a body that is cut off', () => {
  const body = `{"records":[${A}, ${B},${C}]}`

  test('keeps the records before the cut and the rest exactly', () => {
    expect(split(body.slice(0, body.indexOf(C) + 5))).toEqual([A, B, `cutOff: ${C.slice(0, 5)}`])
    expect(split(body.slice(0, body.indexOf(B) + 20))).toEqual([A, `cutOff: ${B.slice(0, 20)}`])
  })

  test('says so even between two records', () => {
    expect(split(body.slice(0, body.indexOf(B)))).toEqual([A, 'cutOff: '])
    expect(split(body.slice(0, -2))).toEqual([A, B, C, 'cutOff: '])
    expect(split(body.slice(0, -1))).toEqual([A, B, C, 'cutOff: '])
  })

  test('keeps what comes after its records', () => {
    expect(split(`{"records":[${A}],"more":"te`)).toEqual([A, 'cutOff: "more":"te'])
  })

  test('is a broken record where it is cut in the first', () => {
    expect(split('{"records":[{"time":"1')).toEqual(['cutOff: {"time":"1'])
  })
})

describe('bounds', () => {
  const MEGABYTE = 1_000_000
  const scanned = (body: Buffer) => {
    const before = process.cpuUsage()
    const ranges = scanRecords(body)
    const { user, system } = process.cpuUsage(before)
    return { ranges, cpuMs: (user + system) / 1000 }
  }

  test('nesting is told exactly up to 64 levels, and as too deep beyond', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    const depths = [1, 63, 64, 65, 5000].map((levels) => nested(levels))
    const ranges = scanRecords(Buffer.from(`{"records":[${depths.join(',')},${A}]}`))
    expect(ranges?.map(({ depth }) => depth)).toEqual([1, 63, 64, 65, 65, 4])
  })

  test.each([
    ['one record', `{"records":[{"time":"${'x'.repeat(MEGABYTE)}"}]}`, 1],
    ['JSON text', JSON.stringify(`[${`{"a":"${'x'.repeat(90)}"},`.repeat(MEGABYTE / 104)}{}]`), 9616],
    ['brackets without end', '['.repeat(MEGABYTE), undefined],
    ['a record of brackets without end, and a good one before', `[${A},${'{"a":['.repeat(MEGABYTE / 6)}`, 2],
  ])('a megabyte of %s is read', (_, body, count) => {
    const { ranges, cpuMs } = scanned(Buffer.from(body))
    expect(ranges?.length).toBe(count)
    expect(cpuMs).toBeLessThan(2000)
  })

  test.each([
    ['quotes missing', '{"time":"x},'],
    ['braces missing', '{"time":{"x":1},'],
    ['names of every kind', null],
    ['records too deep and not closed', `{"time":${'['.repeat(70)}},`],
    ['unknown escapes', '{"time":"\\q"},'],
    ['braces alone', '}'],
    ['names alone', '"time":'],
  ])('a megabyte of broken records (%s) takes no time out of proportion', (_, record) => {
    const records =
      record === null
        ? Array.from({ length: MEGABYTE / 14 }, (__, i) => `{"n${i}":tru},`).join('')
        : record.repeat(MEGABYTE / record.length)
    const { ranges, cpuMs } = scanned(Buffer.from(`{"records":[${A},${records}`))
    expect(ranges?.[0]?.state).toBe('intact')
    expect(cpuMs).toBeLessThan(2000)
  })

  test('a message of crumbs has no more records than a message of its size can have, and loses no byte', () => {
    const body = Buffer.from(`[${'0,'.repeat(MEGABYTE / 2)}0]`)
    const ranges = scanRecords(body) ?? []
    expect(ranges.length).toBe(1024 + Math.floor(body.length / 64))
    expect(ranges.at(-1)?.state).toBe('surplus')
    expect(ranges.at(-1)?.end).toBe(body.length)
  })

  test('nor has a message of crumbs in many texts', () => {
    const body = Buffer.from(`"[${'0,'.repeat(50)}0]"`.repeat(MEGABYTE / 105))
    const { ranges = [], cpuMs } = scanned(body)
    expect(ranges.length).toBeLessThanOrEqual(1024 + Math.floor(body.length / 64))
    expect(ranges.at(-1)?.state).toBe('surplus')
    expect(ranges.at(-1)?.end).toBe(body.length)
    expect(cpuMs).toBeLessThan(2000)
  })

  test('small messages may have a thousand records of any size', () => {
    expect(scanRecords(Buffer.from(`[${'0,'.repeat(999)}0]`))?.length).toBe(1000)
  })
})
