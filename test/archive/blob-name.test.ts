import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { archiveBlob } from '../../shared/archive/archive-blob.ts'
import { blobName } from '../../shared/archive/blob-name.ts'
import { instant } from '../../shared/domain/identifiers.ts'
import { positionOf } from '../support/archive-lines.ts'

const HASH = '0123456789abcdef'.repeat(4)
const NAME =
  'v1/ingest_date=2026-11-02/ingest_hour=08/localhost/entra-risk/p=0/00000000000000000010-00000000000000000017-0123456789abcdef.jsonl.gz'

describe('the name of an archive blob', () => {
  test('says hour, hub, partition and sequence numbers of the chunk', () => {
    expect(blobName({ first: positionOf(10), lastSequenceNumber: 17, contentHash: HASH })).toBe(NAME)
    expect(archiveBlob(NAME)).toEqual({
      name: NAME,
      hour: Date.UTC(2026, 10, 2, 8),
      namespace: 'localhost',
      hub: 'entra-risk',
      partition: '0',
      firstSequenceNumber: 10,
      lastSequenceNumber: 17,
    })
  })

  test('is read as it was made, whatever the place', () => {
    const word = fc.stringMatching(/^[a-z0-9.-]{1,20}$/)
    const sequenceNumber = fc.nat(Number.MAX_SAFE_INTEGER)
    const enqueuedAt = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }).map(instant)
    const place = fc.record({ namespace: word, hub: word, partition: word, sequenceNumber, enqueuedAt })
    fc.assert(
      fc.property(place, sequenceNumber, (p, lastSequenceNumber) => {
        const first = positionOf(0, p)
        const { namespace, hub, partition } = p
        const read = archiveBlob(blobName({ first, lastSequenceNumber, contentHash: HASH }))
        expect(read).toMatchObject({ namespace, hub, partition, lastSequenceNumber })
        expect(read?.firstSequenceNumber).toBe(p.sequenceNumber)
        expect(read?.hour).toBe(p.enqueuedAt - (p.enqueuedAt % 3_600_000))
      }),
    )
  })

  test.each([
    ['stands in another folder', `x/${NAME}`],
    ['is longer', `${NAME}.bak`],
    ['has a folder more', NAME.replace('localhost', 'local/host')],
    ['has no namespace', NAME.replace('localhost', '')],
    ['has no hub', NAME.replace('entra-risk', '')],
    ['has no partition', NAME.replace('p=0', 'p=')],
    ['is of another version', NAME.replace('v1/', 'v2/')],
    ['has no date', NAME.replace('2026-11-02', '02.11.2026')],
    ['has no year of four digits', NAME.replace('2026-11-02', '26-11-02')],
    ['has no hour', NAME.replace('hour=08', 'hour=8')],
    ['has short numbers', NAME.replaceAll('0000000000', '')],
    ['has no hash', NAME.replace('0123456789abcdef', '0123456789abcdeg')],
    ['has a hash that is cut', NAME.replace('0123456789abcdef', '0123456789')],
    ['is that of other content', NAME.replace('.gz', '')],
  ])('that %s is no name of ours', (_, name) => {
    expect(archiveBlob(name)).toBeUndefined()
  })
})
