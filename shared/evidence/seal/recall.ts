import { hash } from 'node:crypto'
import type { Instant } from '../../domain/identifiers.ts'
import { EvidenceError } from '../evidence-error.ts'
import { type Leaf, parseLeaf, type SealLeaf } from '../leaf.ts'
import type { LogStore } from '../log-store.ts'
import { HASH_BYTES, leafHash, MerkleTree } from '../merkle.ts'
import { newestBundles } from './newest-leaves.ts'

const DAY_MS = 86_400_000
/** The hub's clock, which names a blob's day, and the storage's, which dates a seal, may differ. */
const CLOCKS_MS = DAY_MS

/** What the log knows of the archive. */
export interface Recalled {
  /** Whether a blob of this name is in the log, as far as names of the days looked at go. */
  has(name: string): boolean
  readonly lastSeal: SealLeaf | undefined
  /** First day to look at; empty: the whole archive is due. */
  readonly listedFrom: string
  /** First day to look at when it is not. */
  readonly recentFrom: string
}

/** 128 bits of a name's hash in 16 characters: the names of a million blobs would take 200 MB. */
const fingerprint = (name: string): string => hash('sha256', name, 'buffer').toString('latin1', 0, 16)

class Reading {
  readonly names = new Set<string>()
  lastSeal: SealLeaf | undefined
  /** Until when the whole archive was looked at. */
  wholeUntilMs = Number.NEGATIVE_INFINITY
  oldestSealMs = Number.POSITIVE_INFINITY

  add(leaf: Leaf): void {
    if (leaf.type === 'archive' || leaf.type === 'unreadable') this.names.add(fingerprint(leaf.name))
    if (leaf.type !== 'seal') return
    this.lastSeal ??= leaf
    this.oldestSealMs = Date.parse(leaf.at)
    if (leaf.listedFrom === '')
      this.wholeUntilMs = Math.max(this.wholeUntilMs, Date.parse(leaf.settledBefore))
  }
}

/**
 * Reads back which blobs are in the log. A blob of a day was sealed after that day began: so names
 * of the days to be listed are found without reading the whole log. Once a day all of it is read.
 * @param size of the log
 * @param root of the log, which all entries together must have
 * @throws EvidenceError if the entries do not have the root
 */
export async function recall(
  log: Pick<LogStore, 'read'>,
  { size, root }: { readonly size: number; readonly root: Buffer },
  at: Instant,
  lookBackMs: number,
): Promise<Recalled> {
  const reading = new Reading()
  const firstMs = at - lookBackMs
  const bundles: Buffer[] = []
  for await (const entries of newestBundles(log, size)) {
    bundles.push(Buffer.concat(entries.map(leafHash)))
    for (const entry of entries.toReversed()) {
      const leaf = parseLeaf(entry)
      if (leaf !== undefined) reading.add(leaf)
    }
    const isWholeDue = at - reading.wholeUntilMs >= DAY_MS
    if (!isWholeDue && reading.oldestSealMs < firstMs - CLOCKS_MS) break
  }
  const isWholeDue = at - reading.wholeUntilMs >= DAY_MS
  if (isWholeDue && !rootOf(bundles).equals(root)) throw new EvidenceError('damaged')
  const recentFrom = new Date(firstMs).toISOString().slice(0, 10)
  return {
    has: (name) => reading.names.has(fingerprint(name)),
    lastSeal: reading.lastSeal,
    listedFrom: isWholeDue ? '' : recentFrom,
    recentFrom,
  }
}

/** @param newestFirst hashes of leaves, those of a bundle in one piece: an object each would take 4 times as much */
function rootOf(newestFirst: readonly Buffer[]): Buffer {
  const tree = new MerkleTree()
  for (const hashes of newestFirst.toReversed())
    for (let at = 0; at < hashes.length; at += HASH_BYTES) tree.append(hashes.subarray(at, at + HASH_BYTES))
  return tree.root()
}
