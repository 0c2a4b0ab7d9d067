import { parseCheckpoint } from '../checkpoint.ts'
import { EvidenceError } from '../evidence-error.ts'
import { type ArchiveLeaf, parseLeaf, type SealLeaf, type UnreadableLeaf } from '../leaf.ts'
import { NEWEST_CHECKPOINT, timestampName } from '../log-layout.ts'
import { leafHash, MerkleTree } from '../merkle.ts'
import { type VerifierKey, verifyNote } from '../note.ts'
import { newestBundles } from '../seal/newest-leaves.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import { announcedKeys, verifierOf } from './trusted-keys.ts'

/** A leaf about an archive blob, and its place in the log. */
export interface ProvableBlob {
  readonly index: number
  readonly leaf: ArchiveLeaf | UnreadableLeaf
}

/** Why a leaf is in the log of the newest checkpoint. */
export interface Inclusion {
  readonly index: number
  readonly leaf: Buffer
  readonly path: readonly Buffer[]
  readonly checkpoint: Buffer
}

/** A log whose entries are those of its newest checkpoint. */
export interface ProvableLog {
  readonly origin: string
  readonly size: number
  readonly root: Buffer
  /** As it is stored. */
  readonly checkpoint: Buffer
  readonly timestamp: Buffer | undefined
  /** Keys that the log announces. */
  readonly keys: readonly VerifierKey[]
  /** Which of them signed the newest checkpoint. */
  readonly signer: VerifierKey | undefined
  /** The newest seal: what was created before its `settledBefore` is in the log. */
  readonly seal: SealLeaf | undefined
  readonly blobs: ReadonlyMap<string, ProvableBlob>
  /** @returns `undefined` if no leaf is about the blob */
  readonly inclusionOf: (blob: string) => Inclusion | undefined
}

/**
 * Reads the log to prove what is in it; `undefined` if there is none.
 * @throws EvidenceError if its entries are not those of the newest checkpoint; what the copy throws
 */
export async function readProvableLog(copy: Pick<EvidenceCopy, 'read'>): Promise<ProvableLog | undefined> {
  const stored = await copy.read(NEWEST_CHECKPOINT)
  const newest = stored === undefined ? undefined : parseCheckpoint(stored)
  if (stored === undefined || newest === undefined) return undefined
  const bundles: (readonly Buffer[])[] = []
  for await (const bundle of newestBundles(copy, newest.size)) bundles.push(bundle)
  const entries = bundles.toReversed().flat()
  const tree = new MerkleTree()
  for (const entry of entries) tree.append(leafHash(entry))
  if (!tree.root().equals(newest.root)) throw new EvidenceError('damaged')
  const leaves = entries.map(parseLeaf)
  const blobs = new Map<string, ProvableBlob>()
  for (const [index, leaf] of leaves.entries())
    if ((leaf?.type === 'archive' || leaf?.type === 'unreadable') && !blobs.has(leaf.name))
      // The first time it was sealed counts.
      blobs.set(leaf.name, { index, leaf })
  const keys = announcedKeys(leaves).flatMap((one) => verifierOf(one) ?? [])
  const verdict = verifyNote(newest.note, keys)
  return {
    origin: newest.origin,
    size: newest.size,
    root: newest.root,
    checkpoint: stored,
    timestamp: await copy.read(timestampName(newest.size)),
    keys,
    signer: verdict.status === 'signed' ? verdict.keys[0] : undefined,
    seal: leaves.findLast((leaf) => leaf?.type === 'seal'),
    blobs,
    inclusionOf: (blob) => {
      const index = blobs.get(blob)?.index
      const leaf = index === undefined ? undefined : entries[index]
      if (index === undefined || leaf === undefined) return undefined
      return { index, leaf, path: tree.inclusionProof(index), checkpoint: stored }
    },
  }
}
