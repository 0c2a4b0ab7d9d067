import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBody } from '../../../../local/checks/verify/split-body.ts'
import { wellFormedBody } from '../../../property/source-arbitraries.ts'

const RECORD = '{"category":"RiskyAgents","a":[1,{"b":"}]\\""}]}'
const cut = (body: string | Uint8Array) => {
  const bytes = Buffer.from(body)
  const { records, isComplete } = splitBody(bytes)
  return { isComplete, records: records.map(({ start, end }) => bytes.toString('utf8', start, end)) }
}

describe('the cutter of bodies', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['an envelope', `{"records":[${RECORD}, ${RECORD}]}`, [RECORD, RECORD]],
    [
      'an envelope in other case, beside other members',
      `\ufeff{"a":{"records":[1]},"RECORDS" : [ ${RECORD} ],"b":"]}"}`,
      [RECORD],
    ],
    ['a list of records', `[${RECORD},null,5]`, [RECORD, 'null', '5']],
    ['a list of envelopes', `[{"records":[${RECORD}]},{"records":[]}]`, [RECORD]],
    ['a record', ` ${RECORD}\n`, [RECORD]],
    ['no records', '{"records":[]}', []],
  ])('cuts %s', (_, body, records) => {
    expect(cut(body)).toEqual({ isComplete: true, records })
  })

  it.each<readonly [string, string | Uint8Array, readonly string[]]>([
    ['that is cut off', `{"records":[${RECORD},{"category":"Risk`, [RECORD]],
    ['with a record that is no JSON', `{"records":[${RECORD},{"a":NaN},${RECORD}]}`, [RECORD]],
    ['with a record that is not UTF-8', Buffer.from(`[${RECORD},{"a":"\xff"}]`, 'latin1'), [RECORD]],
    ['that is several', `${RECORD}\n${RECORD}`, [RECORD, RECORD]],
    ['whose records are JSON text', '{"records":"[]"}', []],
    ['that is JSON text in JSON', JSON.stringify(`{"records":[${RECORD}]}`), []],
    ['with JSON text in a list', `[${RECORD},${JSON.stringify(RECORD)},${RECORD}]`, [RECORD]],
    ['of another encoding', Buffer.from(RECORD, 'utf16le'), []],
    ['that is empty', '', []],
  ])('gives of a body %s what stands before the break, and says that there is one', (_, body, records) => {
    expect(cut(body)).toEqual({ isComplete: false, records })
  })

  it('finds exactly what JSON.parse finds, byte for byte', () => {
    fc.assert(
      fc.property(wellFormedBody, ({ body, records }) => {
        expect(cut(body)).toEqual({ isComplete: true, records })
        expect(splitBody(body).records.map(({ value }) => value)).toEqual(records.map((r) => JSON.parse(r)))
      }),
    )
  })
})
