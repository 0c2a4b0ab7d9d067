import { type KeyLeaf, type Leaf, leafBytes, parseLeaf } from './leaf.ts'
import { MAX_ENTRY_BYTES } from './tiles.ts'

/** Leaves that one commit adds to the log. */
export interface Commit {
  /** Index of its first leaf. */
  readonly first: number
  /** The exact bytes of each leaf. */
  readonly entries: readonly Buffer[]
  readonly leaves: readonly Leaf[]
}

const LINE_FEED = Buffer.of(0x0a)

export const commitOf = (first: number, leaves: readonly Leaf[]): Commit => ({
  first,
  entries: leaves.map(leafBytes),
  leaves,
})

/** A commit as it is stored: JSON Lines. */
export const commitBytes = ({ entries }: Commit): Buffer =>
  Buffer.concat(entries.flatMap((entry) => [entry, LINE_FEED]))

/** Parses a stored commit; `undefined` if any of its lines is not a leaf that this program knows. */
export function parseCommit(first: number, content: Buffer): Commit | undefined {
  const entries: Buffer[] = []
  const leaves: Leaf[] = []
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(LINE_FEED, at)
    if (end === -1 || end - at > MAX_ENTRY_BYTES) return undefined
    const entry = content.subarray(at, end)
    const leaf = parseLeaf(entry)
    if (leaf === undefined) return undefined
    entries.push(entry)
    leaves.push(leaf)
    at = end + 1
  }
  return entries.length === 0 ? undefined : { first, entries, leaves }
}

/** The last key that leaves announce. */
export const lastKeyIn = (leaves: readonly Leaf[]): KeyLeaf | undefined =>
  leaves.findLast((leaf) => leaf.type === 'key')
