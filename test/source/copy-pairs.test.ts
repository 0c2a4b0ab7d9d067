import { describe, expect, it } from 'vitest'
import { EventFields, slotOf } from '../../shared/domain/event-fields.ts'
import { ByteWriter } from '../../shared/encoding/byte-writer.ts'
import { copyPairs } from '../../shared/source/copy-pairs.ts'

const SLOT = slotOf('additionalInfo')

/** What is set from a value in memory, or `undefined`; then nothing may have been appended. */
function copied(json: string): string | undefined {
  const memory = new ByteWriter(16)
  memory.text(`{"before":${json},"after":[{"Key":"x","Value":1}]}`)
  const event = new EventFields(memory)
  const start = '{"before":'.length
  const { length } = memory
  const isSet = copyPairs(event, SLOT, start, start + json.length)
  expect(event.has(SLOT)).toBe(isSet)
  if (isSet) return event.bytes(SLOT).toString()
  expect(memory.length).toBe(length)
  return undefined
}

const FORMS = [
  ['[{"Key":"a","Value":"b"}]', '[{"key":"a","value":"b"}]'],
  [
    '[{"Key":"","Value":null},{"Key":"b","Value":{"c":[1]}}]',
    '[{"key":"","value":null},{"key":"b","value":{"c":[1]}}]',
  ],
] as const

describe('pairs in the form of Entra', () => {
  it.each(FORMS)('%s have our names of members', (list, expected) => {
    expect(copied(list)).toBe(expected)
    expect(copied(JSON.stringify(list))).toBe(expected)
  })

  it('as text may have slashes with a backslash', () => {
    expect(copied(String.raw`"[{\"Key\":\"a\",\"Value\":\"b\/c\"}]"`)).toBe('[{"key":"a","value":"b/c"}]')
  })
})

describe('a list is left to the parser', () => {
  it.each([
    '[]',
    '[{}]',
    '[1]',
    '{"Key":"a","Value":1}',
    '[{"Key":"a"}]',
    '[{"Key":1,"Value":1}]',
    '[{"key":"a","Value":1}]',
    '[{"Key":"a","value":1}]',
    '[{"Key":"a","Value":1,"More":1}]',
    '[{"Key":"a", "Value":1}]',
    '[{"Key":"a","Value":1.0}]',
    '[{"Key":"a","Value":1} ]',
    '[{"Key":"a","Value":1} ,{"Key":"a","Value":1}]',
    '[{"Key":"a","Value":1},1]',
  ])('that is %s', (list) => {
    expect([copied(list), copied(JSON.stringify(list))]).toEqual([undefined, undefined])
  })

  // Text need not be JSON: what lies behind it must not make it a list.
  it.each([
    '',
    '[',
    '[{"Key":"a',
    '[{"Key":"a","Value":',
    '[{"Key":"a","Value":1',
    '[{"Key":"a","Value":1}',
    '[{"Key":"a","Value":1},',
    '[{"Key":"a","Value":1x]',
    '[{"Key":"a","Value":1]]',
    '[{"Key":"a","Value":1},{"Key":"b","Value":2x]',
    '[{"Key":"a","Value":1}x{"Key":"b","Value":2}]',
    '[{"Key":"a","Value":1}]]',
    '[{"Key":"a","Value":1}],',
    ' [{"Key":"a","Value":1}]',
  ])('that is the text %j', (text) => {
    expect(copied(JSON.stringify(text))).toBeUndefined()
  })

  it.each([String.raw`\n`, String.raw`\u0020`, String.raw`\t`])('that is text with the escape %s', (code) => {
    expect(copied(String.raw`"[{\"Key\":\"a\",\"Value\":\"b${code}\"}]"`)).toBeUndefined()
    expect(copied(String.raw`"[{\"Key\":\"a\",\"Value\":1}]${code}"`)).toBeUndefined()
  })
})
