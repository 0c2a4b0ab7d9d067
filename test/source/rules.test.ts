import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EventFields, slotOf } from '../../shared/domain/event-fields.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import type { Json } from '../../shared/encoding/json.ts'
import type { Rule } from '../../shared/source/fields.ts'
import { normaliseId } from '../../shared/source/guid.ts'
import { ipAddressOf } from '../../shared/source/ip-address.ts'
import { parseAdditionalInfo } from '../../shared/source/parse-additional-info.ts'
import { parseKeyIds } from '../../shared/source/parse-key-ids.ts'
import { parseLocation } from '../../shared/source/parse-location.ts'
import { address, flag, id, keyIds, location, pairs, text, time } from '../../shared/source/rules.ts'
import { asBoolean, asText, asTime } from '../../shared/source/scalars.ts'
import { anyCodePoint } from '../support/any-code-point.ts'
import { isJson } from '../support/is-json.ts'

const SLOT = slotOf('location')

/** What a rule makes of a value's JSON that lies in memory between other bytes. */
function read(rule: Rule, json: string): Json | undefined {
  const memory = new ByteWriter(16)
  memory.text('{"before":')
  const start = memory.length
  memory.text(json)
  const end = memory.length
  memory.text(',"after":"}"}')
  const event = new EventFields(memory)
  if (!rule(event, SLOT, start, end)) return undefined
  const value = event.parse(SLOT)
  expect(event.bytes(SLOT).toString(), 'as JSON.stringify writes it').toBe(JSON.stringify(value))
  return value
}

const asId = (value: Json): Json | undefined => {
  const read = asText(value)
  return read === undefined ? undefined : normaliseId(read)
}
const asIso = (value: Json): Json | undefined => {
  const at = asTime(value)
  return at === undefined ? undefined : isoInstant(at)
}
const asPairs = (value: Json): Json => parseAdditionalInfo(value).map(({ key, value }) => ({ key, value }))

const RULES: readonly (readonly [string, Rule, (value: Json) => Json | undefined])[] = [
  ['a text', text, asText],
  ['an id', id, asId],
  ['a time', time, asIso],
  ['a flag', flag, asBoolean],
  ['an address', address, ipAddressOf],
  ['key ids', keyIds, parseKeyIds],
  ['a location', location, parseLocation],
  ['pairs', pairs, asPairs],
]

const guid = fc.uuid()
const list = fc.array(
  fc.record({
    Key: fc.string({ unit: anyCodePoint }),
    Value: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  }),
  { maxLength: 3 },
)
const anyValue: fc.Arbitrary<Json> = fc.oneof(
  fc.jsonValue({ maxDepth: 3, stringUnit: anyCodePoint }) as fc.Arbitrary<Json>,
  guid,
  guid.map((one) => `{${one.toUpperCase()}}`),
  fc.array(guid, { maxLength: 3 }),
  fc.array(guid, { maxLength: 3 }).map((ids) => JSON.stringify(ids)),
  fc.ipV4(),
  fc.ipV6(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-03-01T24:00:00.000Z',
    '2026-03-01T23:59:60.000Z',
    '2026-02-30T00:00:00.000Z',
    '2026-03-01T09:20:00.1234567Z',
    '2026-03-01T09:20:00Z',
    '1601-01-01T00:00:00.000Z',
    'true',
    ' a ',
  ),
  list as unknown as fc.Arbitrary<Json>,
  list.map((some) => JSON.stringify(some)),
  list.map((some) => JSON.stringify(some, undefined, 1)),
)

describe('a rule makes of the bytes of a value what its parser makes of the value:', () => {
  test.each(RULES)('%s', (_, rule, parse) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const expected = parse(value)
        expect(read(rule, JSON.stringify(value))).toEqual(
          expected === undefined ? undefined : JSON.parse(JSON.stringify(expected)),
        )
      }),
      { numRuns: 400 },
    )
  })

  test.each(RULES)('%s, whatever white space and escapes there are', (_, rule, parse) => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), (json) => {
        const spaced = JSON.stringify(JSON.parse(json), undefined, 1).replace(/\w/g, (c) =>
          /[a-z]/.test(c) && json.length % 2 === 0 && json.startsWith('"')
            ? `\\u00${c.charCodeAt(0).toString(16)}`
            : c,
        )
        const expected = parse(JSON.parse(spaced))
        expect(read(rule, spaced)).toEqual(
          expected === undefined ? undefined : JSON.parse(JSON.stringify(expected)),
        )
      }),
    )
  })
})

test.each([
  ['letters that are escaped', '"[{\\"Key\\":\\"a\\",\\"Value\\":\\"caf\\u00e9\\"}]"'],
  ['a line feed that is escaped once', '"[{\\"Key\\":\\"a\\",\\n\\"Value\\":\\"b\\"}]"'],
  ['more behind the list', '"[{\\"Key\\":\\"a\\",\\"Value\\":1}] and more"'],
  ['two lists', '"[{\\"Key\\":\\"a\\",\\"Value\\":1}][{\\"Key\\":\\"b\\",\\"Value\\":2}]"'],
])('pairs as JSON text with %s are what the text says, and nothing less', (_, json) => {
  expect(read(pairs, json)).toEqual(JSON.parse(JSON.stringify(asPairs(JSON.parse(json)))))
})

/** A text with each character in turn left out, written twice, or another in its place. */
function* nearly(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 1) {
    const [before, after] = [text.slice(0, at), text.slice(at + 1)]
    yield before + after
    yield before + text.charAt(at) + text.slice(at)
    for (const other of '09aAfgtxTZ-:.,/{}[]"\\ \u007f\u00a0é') yield before + other + after
  }
}

const FORMS: Readonly<Record<string, readonly string[]>> = {
  'a text': ['"night"'],
  'an id': [
    '"11111111-2222-4333-8444-5555aaaabbbb"',
    '"urn:uuid:11111111-2222-4333-8444-5555aaaabbbb"',
    '"{0x11111111,0x2222,0x4333,{0x84,0x44,0x55,0x55,0xaa,0xaa,0xbb,0xbb}}"',
    `"${'an id of its own, '.repeat(3)}"`,
    '"urn:uuid:{11111111-2222-4333-8444-5555aaaabbbb}"',
    `"${'0123456789'.repeat(5)}\u3000"`,
    `"\u3000${'0123456789'.repeat(5)}"`,
  ],
  'a time': [
    '"2026-03-01T09:20:00Z"',
    '"2026-03-01T09:20:00.1Z"',
    '"2026-03-01T09:20:00.123Z"',
    '"2026-03-01T24:00:00.000Z"',
    '"2026-03-01T23:59:60.000Z"',
    '"2026-03-01T09:20:00.1234567Z"',
    '"2000-01-01T00:00:00.000Z"',
    '"1999-12-31T23:59:59.999Z"',
  ],
  'a flag': ['true', 'false', 'null', '"true"', '7654', '5e10'],
  'an address': ['"192.0.2.1"', '"192.100.200.100"', '"192.0.2.1:80"', '"[2001:db8::1]:443"'],
  'key ids': [
    '[]',
    '["11111111-2222-4333-8444-5555aaaabbbb"]',
    '["11111111-2222-4333-8444-5555aaaabbbb?] "]',
    '["11111111-2222-4333-8444-5555aaaabbbb","11111111-2222-4333-8444-5555aaaacccc"]',
  ],
  'a location': ['{}', '{"city":"a","at":[12,0.5,true]}', '[{"city":"a"}]'],
  pairs: [
    '[{"Key":"a","Value":1},{"Key":"b","Value":{"c":"d"}}]',
    '"[{\\"Key\\":\\"a\\",\\"Value\\":1},{\\"Key\\":\\"b\\",\\"Value\\":\\"c\\/d\\"}]"',
    '"[{\\"Key\\":\\"a\\",\\"Value\\":\\"b\\\\\\\\c\\"}]"',
  ],
}

test.each(RULES)(
  '%s that is nearly in the usual form is what its parser makes of it',
  (name, rule, parse) => {
    let count = 0
    for (const form of FORMS[name] ?? [])
      for (const json of [form, ...nearly(form)].filter(isJson)) {
        const expected = parse(JSON.parse(json))
        const value = expected === undefined ? undefined : JSON.parse(JSON.stringify(expected))
        expect(read(rule, json), json).toEqual(value)
        count += 1
      }
    expect(count).toBeGreaterThan(20)
  },
)

test.each<[string, Rule, string]>([
  ['a text', text, '"night"'],
  ['a GUID', id, '"11111111-2222-4333-8444-5555aaaabbbb"'],
  ['an id longer than any GUID', id, `"${'0123456789'.repeat(5)}"`],
  ['a time', time, '"2026-03-01T09:20:00.123Z"'],
  ['true', flag, 'true'],
  ['false', flag, 'false'],
  ['an address', address, '"192.100.200.100"'],
  ['a location', location, '{"city":"a","at":[12,0.5,true]}'],
  ['a key id', keyIds, '["11111111-2222-4333-8444-5555aaaabbbb"]'],
  ['key ids', keyIds, '["11111111-2222-4333-8444-5555aaaabbbb","11111111-2222-4333-8444-5555aaaacccc"]'],
])('%s in the usual form is used where it lies', (_, rule, json) => {
  const memory = new ByteWriter(16)
  memory.text(`{"before":${json},"after":0}`)
  const event = new EventFields(memory)
  const start = '{"before":'.length
  const { length } = memory
  expect(rule(event, SLOT, start, start + json.length)).toBe(true)
  expect([event.start(SLOT), event.end(SLOT), memory.length]).toEqual([start, start + json.length, length])
})
