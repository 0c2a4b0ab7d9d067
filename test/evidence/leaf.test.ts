import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digest } from '../../shared/encoding/digest.ts'
import { type ArchiveLeaf, type Leaf, leafBytes, parseLeaf } from '../../shared/evidence/leaf.ts'
import { canonicalJson } from '../support/canonical-json.ts'

const TIME = '2026-11-28T09:00:00.000Z'
const ARCHIVE: ArchiveLeaf = {
  v: 1,
  type: 'archive',
  name: 'v1/ingest_date=2026-11-28/ingest_hour=09/n/h/p=0/00000000000000000001-00000000000000000002-0123456789abcdef.jsonl.gz',
  bytes: 100,
  digest: digest('compressed'),
  contentBytes: 300,
  contentDigest: digest('content'),
  lines: 2,
  messages: 2,
  records: 3,
  events: 1,
  faults: 1,
  skipped: 1,
  namespace: 'n',
  hub: 'h',
  partition: '0',
  firstSequenceNumber: 1,
  lastSequenceNumber: 2,
  firstEnqueuedAt: TIME,
  lastEnqueuedAt: TIME,
}
const LEAVES: readonly Leaf[] = [
  ARCHIVE,
  { v: 1, type: 'unreadable', name: 'v1/x', bytes: 0, digest: digest('') },
  {
    v: 1,
    type: 'partition',
    at: TIME,
    namespace: 'n',
    hub: 'h',
    hubCreatedAt: TIME,
    partition: '0',
    isEmpty: true,
    beginningSequenceNumber: 0,
    lastSequenceNumber: -1,
    lastEnqueuedAt: '0001-01-01T00:00:00.000Z',
  },
  { v: 1, type: 'key', name: 'log.example/evidence', publicKey: 'AAAA', location: 'local' },
  { v: 1, type: 'seal', at: TIME, settledBefore: TIME, listedFrom: '', programVersion: '0.1.0' },
]

describe('a leaf', () => {
  it.each(LEAVES)('of type $type is canonical JSON and read back', (leaf) => {
    const entry = leafBytes(leaf)
    expect(entry.toString()).toBe(canonicalJson({ ...leaf }))
    expect(parseLeaf(entry)).toEqual(leaf)
  })

  it('has the same bytes whatever order its fields were set in', () => {
    const reversed = Object.fromEntries(Object.entries(ARCHIVE).toReversed()) as unknown as Leaf
    expect(leafBytes(reversed).equals(leafBytes(ARCHIVE))).toBe(true)
  })

  it('is not read if a field is missing, added, or of another type', () => {
    for (const leaf of LEAVES)
      for (const name of Object.keys(leaf)) {
        const { [name]: _, ...rest } = leaf as unknown as Record<string, string>
        expect(parseLeaf(Buffer.from(canonicalJson(rest))), name).toBeUndefined()
        for (const value of [null, {}, [], -1.5])
          expect(parseLeaf(Buffer.from(canonicalJson({ ...leaf, [name]: value }))), name).toBeUndefined()
        expect(parseLeaf(Buffer.from(canonicalJson({ ...leaf, more: 1 })))).toBeUndefined()
      }
  })

  it.each(['', '{', '[]', 'null', '1', '{"type":"__proto__","v":1}', '{"type":"toString","v":1}'])(
    'is not read from %s',
    (text) => {
      expect(parseLeaf(Buffer.from(text))).toBeUndefined()
    },
  )

  it('is not read from another form of the same JSON', () => {
    expect(parseLeaf(Buffer.from(JSON.stringify(ARCHIVE)))).toBeUndefined()
    expect(parseLeaf(Buffer.concat([leafBytes(ARCHIVE), Buffer.from(' ')]))).toBeUndefined()
    expect(parseLeaf(Buffer.from(`${leafBytes(ARCHIVE).toString().slice(0, -1)},"v":1}`))).toBeUndefined()
  })

  it('never throws for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseLeaf(bytes)).toBeUndefined()
      }),
    )
  })
})
