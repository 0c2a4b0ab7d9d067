import { expect, it } from 'vitest'
import { isoInstantAt, isTidyInstant } from '../../shared/source/iso-instant-at.ts'
import { parseAzureTime } from '../../shared/source/parse-azure-time.ts'

const WITHIN = [
  Buffer.from('{"before":"2026-01-01T00:00:00Z","time":'),
  Buffer.from(',"after":"Z"}'),
] as const

/** What is read from a value's JSON between other bytes, and whether it is written as we do. */
function read(json: string) {
  const bytes = Buffer.concat([WITHIN[0], Buffer.from(json), WITHIN[1]])
  const [start, end] = [WITHIN[0].length, bytes.length - WITHIN[1].length]
  const at = isoInstantAt(bytes, start, end)
  return { at, isTidy: at !== undefined && isTidyInstant(bytes, start, end) }
}

it.each([
  ['2026-03-01T09:20:31.123Z', true],
  ['2000-01-01T00:00:00.000Z', true],
  ['2026-12-31T23:59:59.999Z', true],
  ['2026-03-01T24:00:00.000Z', false],
  ['2026-03-01T23:59:60.000Z', false],
  ['2026-03-01T09:20:31Z', false],
  ['2026-03-01T09:20:31.1Z', false],
  ['2026-03-01T09:20:31.12Z', false],
  ['2026-03-01T09:20:31.1239Z', false],
  ['2026-03-01T09:20:31.123456789Z', false],
])('%s is read without the parser; that it needs no other form: %s', (time, isTidy) => {
  expect(read(`"${time}"`)).toEqual({ at: parseAzureTime(time), isTidy })
})

it.each([
  '""',
  '"Z"',
  '{"z":"Z"}',
  '20260301092031',
  '"2026-03-01T09:20:31"',
  '"2026-03-01T09:20:31.123"',
  '"2026-03-01T09:20:31.Z"',
  '"2026-03-01T09:20:31,123Z"',
  '"2026-03-01T09:20:31.1 Z"',
  '"2026-03-01T09:20:31 Z"',
  '"2026-03-01T09:20Z"',
  '"2026-03-01T9:20:31.123Z"',
  '"2026-03-01T09:20:31.123+00:00Z"',
  '"1999-12-31T23:59:59.999Z"',
  '"2026-02-29T00:00:00.000Z"',
  '"2026-03-01T24:00:00.001Z"',
])('%s is left to the parser', (json) => {
  expect(read(json)).toEqual({ at: undefined, isTidy: false })
})
