import fc from 'fast-check'
import rhea, { type Typed } from 'rhea'
import { expect, test } from 'vitest'
import {
  contentOf,
  encodeLong,
  encodeMap,
  encodeString,
  encodeSymbol,
  encodeTimestamp,
  endOfValue,
  entriesOf,
} from '../../../../local/emulators/event-hubs/amqp-value.ts'

interface AmqpCodec {
  readonly Reader: new (bytes: Buffer) => { read(): Typed }
  readonly Writer: new () => { write(value: Typed): void; toBuffer(): Buffer }
}
const { types } = rhea
/** The library's own reader and writer, which its types leave out. */
const codec = types as unknown as AmqpCodec

const encoded = (value: unknown): Buffer => {
  const writer = new codec.Writer()
  writer.write(types.wrap(value))
  return writer.toBuffer()
}
const decoded = (bytes: Buffer): unknown => types.unwrap(new codec.Reader(bytes).read())

const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string({ maxLength: 300 }),
    fc.integer(),
    fc.double({ noNaN: true, min: -(2 ** 53), max: 2 ** 53 }),
    fc.boolean(),
    fc.constant(null),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 9 }), tie('value'), { maxKeys: 4 }),
  ),
}))

test('the end of any value is where the library stops writing it', () => {
  fc.assert(
    fc.property(anyValue, fc.uint8Array({ maxLength: 9 }), (value, following) => {
      const bytes = encoded(value)
      expect(endOfValue(Buffer.concat([bytes, following]), 0)).toBe(bytes.length)
    }),
  )
})

test('a value that is cut short has no end', () => {
  fc.assert(
    fc.property(anyValue, fc.nat(), (value, cut) => {
      const bytes = encoded(value)
      expect(endOfValue(bytes.subarray(0, cut % bytes.length), 0)).toBeUndefined()
    }),
  )
})

test('no bytes make the reader throw or go on for ever', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const buffer = Buffer.from(bytes)
      expect(endOfValue(buffer, 0) ?? 0).toBeLessThanOrEqual(buffer.length)
      entriesOf(buffer)
    }),
  )
})

test('descriptors within descriptors are followed only so far', () => {
  expect(endOfValue(Buffer.alloc(10_000), 0)).toBeUndefined()
})

test('what is written here, the library reads', () => {
  fc.assert(
    fc.property(
      fc.maxSafeInteger(),
      fc.string({ unit: 'grapheme', maxLength: 100 }),
      fc.date({ noInvalidDate: true }),
      (whole, text, date) => {
        expect(decoded(encodeLong(whole))).toBe(whole)
        expect(decoded(encodeString(text))).toBe(Buffer.from(text).toString('utf8'))
        expect(decoded(encodeTimestamp(date.getTime()))).toEqual(date)
      },
    ),
    { numRuns: 50 },
  )
  expect(decoded(encodeString('x'.repeat(256)))).toBe('x'.repeat(256))
  const map = encodeMap(2, [encodeSymbol('a'), encodeLong(-1), encodeSymbol('b'), encodeString('x')])
  expect(decoded(map)).toEqual({ a: -1, b: 'x' })
})

test('the entries of a map come back in order, byte for byte', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 9 }), anyValue, { maxKeys: 5 }), (map) => {
      const entries = entriesOf(encoded(map)) ?? []
      expect(entries.map((entry) => entry.key)).toEqual(Object.keys(map))
      expect(entries.map((entry) => entry.value)).toEqual(Object.values(map).map(encoded))
    }),
  )
  expect(entriesOf(encoded(['no map']))).toBeUndefined()
  expect(contentOf(encoded(5))).toBeUndefined()
})
