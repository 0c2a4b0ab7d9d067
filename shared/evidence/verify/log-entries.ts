import { parseEntries } from '../commit.ts'
import { commitName, firstLeafOf } from '../log-layout.ts'
import { leafHash, MerkleTree } from '../merkle.ts'
import { parseBundle, TILE_WIDTH, tilePath } from '../tiles.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import type { Finding } from './finding.ts'

/** The entries of a log as one of their two sources tells them, with the tree over them. */
export interface Entries {
  readonly entries: readonly Buffer[]
  readonly tree: MerkleTree
  /** Size of the log after each commit; empty if the source does not say. */
  readonly ends: ReadonlySet<number>
}

const treeOf = (entries: readonly Buffer[]): MerkleTree => {
  const tree = new MerkleTree()
  for (const entry of entries) tree.append(leafHash(entry))
  return tree
}

/** The entries in the commits, up to the first that is missing or malformed. */
export async function committedEntries(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  findings: Finding[],
): Promise<Entries> {
  const entries: Buffer[] = []
  const ends = new Set<number>()
  const read = new Set<string>()
  for (let name = commitName(0); names.has(name); name = commitName(entries.length)) {
    read.add(name)
    const content = await copy.read(name)
    const committed = content === undefined ? undefined : parseEntries(content)
    if (committed === undefined) {
      findings.push({ class: 'LOG_INCONSISTENT', subject: name, detail: 'not a list of entries' })
      break
    }
    for (const entry of committed) entries.push(entry)
    ends.add(entries.length)
  }
  const beyond = [...names].filter((name) => firstLeafOf(name) !== undefined && !read.has(name))
  if (beyond.length > 0)
    findings.push({
      class: 'LOG_INCONSISTENT',
      subject: commitName(entries.length),
      detail: `no commit that can be read begins at ${entries.length}, yet ${beyond.length} lie behind it`,
    })
  return { entries, ends, tree: treeOf(entries) }
}

/** The entries in the entry bundles of a tree of this size, up to the first that is not whole. */
export async function bundledEntries(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  size: number,
): Promise<Entries> {
  const entries: Buffer[] = []
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH)
    const name = tilePath({ level: 'entries', index, width })
    const content = names.has(name) ? await copy.read(name) : undefined
    const bundle = content === undefined ? undefined : parseBundle(content)
    if (bundle?.length !== width) break
    entries.push(...bundle)
  }
  return { entries, ends: new Set(), tree: treeOf(entries) }
}
