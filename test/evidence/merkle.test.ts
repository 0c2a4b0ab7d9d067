import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_ROOT, leafHash, MerkleTree, nodeHash } from '../../shared/evidence/merkle.ts'
import { isConsistent, isIncluded, rootOfInclusion } from '../../shared/evidence/merkle-proof.ts'

// Vectors of Certificate Transparency's reference implementation of RFC 6962 (merkle_tree_test.cc).
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'))
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const INCLUSION: readonly (readonly [index: number, size: number, proof: readonly string[]])[] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]
const CONSISTENCY: readonly (readonly [oldSize: number, size: number, proof: readonly string[]])[] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex')
const hexOf = (hashes: readonly Buffer[]): readonly string[] => hashes.map((one) => one.toString('hex'))
const treeOf = (entries: readonly Uint8Array[]): MerkleTree => {
  const tree = new MerkleTree()
  for (const entry of entries) tree.append(leafHash(entry))
  return tree
}

/** The definition of RFC 6962, 2.1, word by word. */
function definedRoot(entries: readonly Uint8Array[]): Buffer {
  if (entries.length === 0) return EMPTY_ROOT
  if (entries.length === 1) return leafHash(entries[0] as Uint8Array)
  let k = 1
  while (k * 2 < entries.length) k *= 2
  return nodeHash(definedRoot(entries.slice(0, k)), definedRoot(entries.slice(k)))
}

const FORMER = treeOf(ENTRIES)
const sizes = fc
  .tuple(fc.integer({ min: 1, max: 600 }), fc.nat(), fc.nat())
  .map(([size, a, b]) => ({ size, index: a % size, oldSize: (b % size) + 1 }))
const LARGE = treeOf(Array.from({ length: 600 }, (_, i) => Buffer.from(`entry ${i}`)))

describe('the Merkle tree of RFC 6962', () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))(
    'of %i published entries has its root',
    (size, root) => {
      expect(FORMER.root(size).toString('hex')).toBe(root)
      expect(definedRoot(ENTRIES.slice(0, size)).toString('hex')).toBe(root)
    },
  )

  it.each(INCLUSION)('proves entry %i of %i as published', (index, size, proof) => {
    expect(hexOf(FORMER.inclusionProof(index, size))).toEqual(proof)
    const leaf = leafHash(ENTRIES[index] as Buffer)
    expect(isIncluded({ leaf, index, size, proof: proof.map(bytes) }, FORMER.root(size))).toBe(true)
  })

  it.each(CONSISTENCY)('proves that %i entries begin %i as published', (oldSize, size, proof) => {
    expect(hexOf(FORMER.consistencyProof(oldSize, size))).toEqual(proof)
    const [oldRoot, root] = [FORMER.root(oldSize), FORMER.root(size)]
    expect(isConsistent({ oldSize, oldRoot, size, root, proof: proof.map(bytes) })).toBe(true)
  })

  it('has the root of the definition at every size', () => {
    const entries = Array.from({ length: 600 }, (_, i) => Buffer.from(`entry ${i}`))
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (size) => {
        expect(LARGE.root(size).equals(definedRoot(entries.slice(0, size)))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it('proves every entry, and nothing else by the same proof', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.integer({ min: 0, max: 255 }), ({ size, index }, which, bit) => {
        const leaf = LARGE.leaf(index)
        const proof = LARGE.inclusionProof(index, size)
        const root = LARGE.root(size)
        expect(isIncluded({ leaf, index, size, proof }, root)).toBe(true)
        expect(isIncluded({ leaf: root, index, size, proof }, root)).toBe(size === 1)
        expect(rootOfInclusion({ leaf, index: size, size, proof })).toBeUndefined()
        expect(isIncluded({ leaf, index, size, proof: [...proof, root] }, root)).toBe(false)
        expect(isIncluded({ leaf, index, size, proof: proof.slice(0, -1) }, root)).toBe(proof.length === 0)
        expect(isIncluded({ leaf, index, size, proof: flipped(proof, which, bit) }, root)).toBe(
          proof.length === 0,
        )
      }),
    )
  })

  it('proves every earlier size, and nothing else by the same proof', () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.integer({ min: 0, max: 255 }), ({ size, oldSize }, which, bit) => {
        const proof = LARGE.consistencyProof(oldSize, size)
        const it_ = { oldSize, oldRoot: LARGE.root(oldSize), size, root: LARGE.root(size), proof }
        expect(isConsistent(it_)).toBe(true)
        expect(isConsistent({ ...it_, oldRoot: EMPTY_ROOT })).toBe(false)
        expect(isConsistent({ ...it_, root: EMPTY_ROOT })).toBe(false)
        expect(isConsistent({ ...it_, proof: [...proof, EMPTY_ROOT] })).toBe(false)
        const isNone = proof.length === 0
        expect(isConsistent({ ...it_, proof: proof.slice(0, -1) })).toBe(isNone)
        expect(isConsistent({ ...it_, proof: flipped(proof, which, bit) })).toBe(isNone)
      }),
    )
  })
})

function flipped(proof: readonly Buffer[], which: number, bit: number): readonly Buffer[] {
  const copy = proof.map((one) => Buffer.from(one))
  const chosen = copy[which % Math.max(1, copy.length)]
  if (chosen === undefined) return copy
  chosen[bit >> 3] = (chosen[bit >> 3] as number) ^ (1 << (bit & 7))
  return copy
}
