import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAzureTime } from '../../shared/source/parse-azure-time.ts'
import { anyCodePoint } from '../support/any-code-point.ts'

const FIRST = Date.parse('0001-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')
const anyInstant = fc.integer({ min: FIRST, max: LAST })
const wholeSecond = fc
  .integer({ min: Math.ceil(FIRST / 1000), max: Math.floor(LAST / 1000) })
  .map((s) => s * 1000)

/** `M/d/yyyy h:mm:ss AM`, as Entra writes it. */
function usForm(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T')
  const [year = '', month = '', day = ''] = date.split('-')
  const [hour = '', minute = '', second = ''] = time.slice(0, 8).split(':')
  const twelve = Number(hour) % 12 === 0 ? 12 : Number(hour) % 12
  return `${Number(month)}/${Number(day)}/${year} ${twelve}:${minute}:${second} ${Number(hour) < 12 ? 'AM' : 'PM'}`
}

const zones = ['America/New_York', 'Asia/Tokyo']

describe.each(zones)('on a machine in %s', (zone) => {
  const zoneBefore = process.env['TZ']
  beforeAll(() => {
    process.env['TZ'] = zone
  })
  afterAll(() => {
    if (zoneBefore === undefined) delete process.env['TZ']
    else process.env['TZ'] = zoneBefore
  })

  test('ISO times come back, with hours padded or not, and zone named or not', () => {
    fc.assert(
      fc.property(anyInstant, fc.boolean(), fc.boolean(), (ms, padded, named) => {
        const iso = new Date(ms).toISOString()
        const hour = padded ? iso : iso.replace(/T0(\d)/, 'T$1')
        expect(parseAzureTime(named ? hour : hour.slice(0, -1))).toBe(ms)
      }),
    )
  })

  test('fractions of any length are cut to milliseconds', () => {
    fc.assert(
      fc.property(
        wholeSecond,
        fc.string({ unit: fc.constantFrom(...'0123456789'.split('')), minLength: 1, maxLength: 40 }),
        (ms, digits) => {
          const text = new Date(ms).toISOString().replace('.000', `.${digits}`)
          expect(parseAzureTime(text)).toBe(ms + Number(digits.padEnd(3, '0').slice(0, 3)))
        },
      ),
    )
  })

  test('offsets are counted off', () => {
    const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 })
    const inner = fc.integer({ min: FIRST + 86_400_000, max: LAST - 86_400_000 })
    fc.assert(
      fc.property(inner, offset, fc.constantFrom(':', ''), (ms, minutes, colon) => {
        const sign = minutes < 0 ? '-' : '+'
        const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0')
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1)
        expect(parseAzureTime(`${local}${sign}${two(minutes / 60)}${colon}${two(minutes % 60)}`)).toBe(ms)
      }),
    )
  })

  test('US times come back', () => {
    fc.assert(
      fc.property(wholeSecond, (ms) => {
        expect(parseAzureTime(usForm(ms))).toBe(ms)
      }),
    )
  })

  test('any other text is refused or read, never misread', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...'0123456789-/:.TZ+ AMP'.split('')), maxLength: 30 })
    fc.assert(
      fc.property(fc.oneof(nearly, fc.string({ unit: anyCodePoint })), (text) => {
        const at = parseAzureTime(text)
        if (at === undefined) return
        expect(Number.isSafeInteger(at)).toBe(true)
        expect(parseAzureTime(new Date(at).toISOString())).toBe(at)
      }),
    )
  })
})
