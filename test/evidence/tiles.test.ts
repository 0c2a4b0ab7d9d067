import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bundleBytes,
  MAX_ENTRY_BYTES,
  parseBundle,
  parseTile,
  parseTilePath,
  type Tile,
  tilePath,
  tilesOfSize,
} from '../../shared/evidence/tiles.ts'

describe('the tiles of C2SP tlog-tiles', () => {
  // From the specification, and from the path tests of golang.org/x/mod/sumdb/tlog and Trillian
  // Tessera.
  it.each<readonly [string, Tile]>([
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/x001/x234/067.p/8', { level: 0, index: 1_234_067, width: 8 }],
    ['tile/entries/x001/x234/067', { level: 'entries', index: 1_234_067, width: 256 }],
    ['tile/entries/x001/x234/067.p/8', { level: 'entries', index: 1_234_067, width: 8 }],
    ['tile/entries/000.p/255', { level: 'entries', index: 0, width: 255 }],
    ['tile/entries/010', { level: 'entries', index: 10, width: 256 }],
    ['tile/2/000.p/1', { level: 2, index: 0, width: 1 }],
    ['tile/5/x123/x456/078', { level: 5, index: 123_456_078, width: 256 }],
    ['tile/0/x003/x057/500', { level: 0, index: 3_057_500, width: 256 }],
  ])('have the published name %s', (path, tile) => {
    expect(tilePath(tile)).toBe(path)
    expect(parseTilePath(path)).toEqual(tile)
  })

  it.each([
    'tile/0/123/456/078',
    'tile/-1/123/456/078',
    'tile/00/000',
    'tile/64/000',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/x000/001',
    'tile/0/1',
    'tile/data/000',
    'tile/0/000/',
    '/tile/0/000',
  ])('are not named %s', (path) => {
    expect(parseTilePath(path)).toBeUndefined()
  })

  it('have one name each', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 63 }),
        fc.maxSafeNat(),
        fc.integer({ min: 1, max: 256 }),
        (level, index, width) => {
          expect(parseTilePath(tilePath({ level, index, width }))).toEqual({ level, index, width })
        },
      ),
    )
  })

  it('of 70,000 leaves are those of the specification', () => {
    const tiles = [...tilesOfSize(70_000)]
    const on = (level: Tile['level']) => tiles.filter((tile) => tile.level === level)
    expect(on(0)).toHaveLength(274)
    expect(on(0).filter(({ width }) => width === 256)).toHaveLength(273)
    expect(on(0).at(-1)).toEqual({ level: 0, index: 273, width: 112 })
    expect(on('entries').at(-1)).toEqual({ level: 'entries', index: 273, width: 112 })
    expect(on(1)).toEqual([
      { level: 1, index: 0, width: 256 },
      { level: 1, index: 1, width: 17 },
    ])
    expect(on(2)).toEqual([{ level: 2, index: 0, width: 1 }])
    expect(on(3)).toEqual([])
  })

  it('of 256 leaves are a full one and one above it, and of none are none', () => {
    expect([...tilesOfSize(256)].map(tilePath)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1'])
    expect([...tilesOfSize(0)]).toEqual([])
  })

  it('hold whole hashes only', () => {
    expect(parseTile(Buffer.alloc(64))).toHaveLength(2)
    expect(parseTile(Buffer.alloc(65))).toBeUndefined()
  })

  it('keep entries in bundles, each after its length', () => {
    expect(bundleBytes([Buffer.from('a'), Buffer.from('bcd')]).toString('hex')).toBe('000161' + '0003626364')
    fc.assert(
      fc.property(fc.array(fc.uint8Array(), { maxLength: 20 }), (entries) => {
        expect(parseBundle(bundleBytes(entries))).toEqual(entries.map((one) => Buffer.from(one)))
      }),
    )
    expect(parseBundle(bundleBytes([Buffer.alloc(MAX_ENTRY_BYTES)]))).toHaveLength(1)
    expect(() => bundleBytes([Buffer.alloc(MAX_ENTRY_BYTES + 1)])).toThrow('too long for a bundle')
  })

  it('notice a bundle that is cut off', () => {
    const bundle = bundleBytes([Buffer.from('abc'), Buffer.from('def')])
    for (let end = 1; end < bundle.length; end += 1)
      expect(parseBundle(bundle.subarray(0, end)), String(end)).toEqual(
        end === 5 ? [Buffer.from('abc')] : undefined,
      )
  })
})
