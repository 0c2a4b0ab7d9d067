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

/**
 * The entries of a stored commit, also those of a later version; `undefined` if it is not made of
 * lines.
 */
export function parseEntries(content: Buffer): readonly Buffer[] | undefined {
  const entries: Buffer[] = []
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(LINE_FEED, at)
    if (end === -1 || end - at > MAX_ENTRY_BYTES) return undefined
    entries.push(content.subarray(at, end))
    at = end + 1
  }
  return entries.length === 0 ? undefined : entries
}

/** Parses a stored commit; `undefined` if any of its lines is not a leaf that this program knows. */
export function parseCommit(first: number, content: Buffer): Commit | undefined {
  const entries = parseEntries(content)
  const leaves = entries?.flatMap((entry) => parseLeaf(entry) ?? [])
  return entries === undefined || leaves?.length !== entries.length ? undefined : { first, entries, leaves }
}

/** The last key that leaves announce. */
export const lastKeyIn = (leaves: readonly Leaf[]): KeyLeaf | undefined =>
  leaves.findLast((leaf) => leaf.type === 'key')
