import fc from 'fast-check'
import { expect, it } from 'vitest'
import { digest } from '../../../shared/encoding/digest.ts'
import { RecordPlaces } from '../../../shared/evidence/verify/record-places.ts'
import { positionOf } from '../../support/archive-lines.ts'

it('a record is there twice exactly if its place is, in whatever order records come', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { maxLength: 20 }), (places) => {
      const records = new RecordPlaces()
      const expected = new Map<string, string>()
      for (const [n, [sequenceNumber, ordinal]] of places.entries()) {
        const place = `${sequenceNumber}:${ordinal}`
        const record = { position: positionOf(sequenceNumber), ordinal, digest: digest(String(n)) }
        expect(records.add(record)).toBe(!expected.has(place))
        expected.set(place, record.digest)
      }
      expect([...records.digests]).toEqual([...expected])
    }),
  )
})
