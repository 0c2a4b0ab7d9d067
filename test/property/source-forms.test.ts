import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseId } from '../../shared/source/guid.ts'
import { ipAddressOf } from '../../shared/source/ip-address.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { rereadRecord } from '../../shared/source/reread-record.ts'
import { messageOf, position, settings } from '../source/reading-under-test.ts'
import { anyCodePoint } from '../support/any-code-point.ts'
import { asObject } from '../support/event-forms.ts'
import { runLength } from '../support/run-length.ts'
import { anyBody, elementText, recordText } from './source-arbitraries.ts'

const space = fc.constantFrom('', ' ', '\t', '\r\n', '\u00a0')

describe('a GUID', () => {
  const inParts = (guid: string): string => {
    const [a, b, c, d = '', e = ''] = guid.split('-')
    const node = (d + e).match(/../g) ?? []
    return `{0x${a},0x${b},0x${c},{${node.map((byte) => `0x${byte}`).join(',')}}}`
  }
  const bare = (guid: string) => guid.replaceAll('-', '')
  const forms: readonly ((guid: string) => string)[] = [
    (guid) => guid,
    bare,
    (guid) => `{${guid}}`,
    (guid) => `(${guid})`,
    (guid) => `{${bare(guid)}}`,
    (guid) => `"${guid}"`,
    (guid) => `urn:uuid:${guid}`,
    inParts,
  ]

  test('in any form, any case and any space around is one id', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.constantFrom(...forms),
        fc.boolean(),
        space,
        space,
        (guid, form, upper, a, b) => {
          const written = upper ? form(guid).toUpperCase().replaceAll('0X', '0x') : form(guid)
          expect(normaliseId(`${a}${written}${b}`)).toBe(guid)
        },
      ),
      { numRuns: runLength(150, 500) },
    )
  })

  test('is nothing that has other characters, or more or fewer of them', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.nat({ max: 35 }),
        fc.constantFrom('', 'g', '--', '00', ' '),
        (guid, at, other) => {
          const spoilt = guid.slice(0, at) + other + guid.slice(at + 1)
          fc.pre(bare(spoilt).length !== 32 || /[^0-9a-f]/.test(bare(spoilt)))
          expect(normaliseId(spoilt)).toBe(spoilt.trim())
        },
      ),
    )
  })

  test('is what it is made, and so is any other id', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCodePoint }), (id) => {
        expect(normaliseId(normaliseId(id))).toBe(normaliseId(id))
      }),
    )
  })
})

describe('an address', () => {
  const port = fc.option(fc.nat({ max: 65_535 }), { nil: undefined })
  const zone = fc.constantFrom('', '%eth0', '%12')
  const withPort = (address: string, p: number | undefined) => (p === undefined ? address : `${address}:${p}`)

  test('of version 4 is read with a port and without', () => {
    fc.assert(
      fc.property(fc.ipV4(), port, space, (ip, p, s) => {
        expect(ipAddressOf(`${s}${withPort(ip, p)}${s}`)).toBe(ip)
      }),
    )
  })

  test('of version 6 is read in brackets and without, with a port, with a zone, in any case', () => {
    fc.assert(
      fc.property(fc.ipV6(), port, zone, fc.boolean(), (ip, p, z, upper) => {
        const written = upper ? ip.toUpperCase() : ip
        expect(ipAddressOf(withPort(`[${written}${z}]`, p))).toBe(ip.toLowerCase())
        expect(ipAddressOf(`${written}${z}`)).toBe(ip.toLowerCase())
      }),
    )
  })

  test('is an address or nothing, whatever is given', () => {
    const nearly = fc.string({
      unit: fc.constantFrom(...'0123456789abcdef.:[]%/ -'.split('')),
      maxLength: 50,
    })
    fc.assert(
      fc.property(fc.oneof(nearly, fc.jsonValue()), (value) => {
        const address = ipAddressOf(value as string)
        expect(address === undefined || isIP(address) > 0).toBe(true)
      }),
      { numRuns: runLength(150, 500) },
    )
  })
})

const readingsOf = (body: string | Uint8Array) => {
  const read = readMessage(messageOf(body), settings)
  return read.status === 'split' ? read.records.map(({ reading }) => asObject(reading)) : read.fault.code
}

describe('JSON text', () => {
  const plain = fc.array(recordText, { minLength: 1, maxLength: 3 })

  test('of a body, or of its list of records, says what it would say itself', () => {
    fc.assert(
      fc.property(plain, (records) => {
        const list = `[${records.join(',')}]`
        const expected = readingsOf(`{"records":${list}}`)
        for (const body of [
          JSON.stringify(`{"records":${list}}`),
          JSON.stringify(list),
          `{"records":${JSON.stringify(list)}}`,
        ])
          expect(readingsOf(body)).toEqual(expected)
      }),
      { numRuns: runLength(75, 200) },
    )
  })

  test('of a record says what the record would', () => {
    fc.assert(
      fc.property(recordText, (record) => {
        expect(readingsOf(`{"records":[${JSON.stringify(record)}]}`)).toEqual(
          readingsOf(`{"records":[${record}]}`),
        )
      }),
    )
  })
})

describe('a record that is read again', () => {
  test('says what it said, unless it could not be read', () => {
    const body = fc.oneof(
      anyBody,
      fc.array(elementText).map((records) => Buffer.from(`{"records":[${records.join(',')}]}`)),
      fc
        .array(elementText)
        .map((records) => Buffer.from(JSON.stringify(`{"records":[${records.join(',')}]}`))),
    )
    fc.assert(
      fc.property(body, (bytes) => {
        const read = readMessage(messageOf(bytes), settings)
        if (read.status !== 'split') return
        for (const { content, reading } of read.records) {
          if (reading.status === 'fault' && reading.fault.code === 'recordNotJson') continue
          const kept = content.form === 'json' ? content.bytes : Buffer.from(content.text)
          expect(asObject(rereadRecord(kept, position.enqueuedAt, settings))).toEqual(asObject(reading))
        }
      }),
      { numRuns: runLength(100, 400) },
    )
  })
})
