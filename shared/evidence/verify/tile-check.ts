import type { MerkleTree } from '../merkle.ts'
import { bundleBytes, parseTilePath, TILE_WIDTH, type Tile, tilePath, tilesOfSize } from '../tiles.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import type { Finding } from './finding.ts'
import type { Entries } from './log-entries.ts'

/** Levels of the tree within one level of tiles. */
const BITS = 8

const tileBytes = (tree: MerkleTree, { level, index, width }: Tile): Buffer =>
  Buffer.concat(
    Array.from({ length: width }, (_, at) => tree.node(BITS * Number(level), index * TILE_WIDTH + at)),
  )

/** What a tile must hold; `undefined` if it is outside of the tree. */
function contentOf(tile: Tile, { entries, tree }: Entries): Buffer | undefined {
  const start = tile.index * TILE_WIDTH
  const end = start + tile.width
  if (tile.level === 'entries')
    return end > entries.length ? undefined : bundleBytes(entries.slice(start, end))
  return end > Math.floor(tree.size / TILE_WIDTH ** tile.level) ? undefined : tileBytes(tree, tile)
}

/** Compares tiles and entry bundles with the entries: those of the head must be there. */
export async function checkTiles(
  copy: EvidenceCopy,
  names: ReadonlySet<string>,
  log: Entries,
  head: number,
  findings: Finding[],
): Promise<number> {
  const bad = (subject: string, detail: string) =>
    findings.push({ class: 'LOG_INCONSISTENT', subject, detail })
  let checked = 0
  for (const name of names) {
    if (!name.startsWith('tile/')) continue
    checked += 1
    const tile = parseTilePath(name)
    const expected = tile === undefined ? undefined : contentOf(tile, log)
    if (expected === undefined) bad(name, 'no tile of this log has this name')
    else if ((await copy.read(name))?.equals(expected) !== true)
      bad(name, 'differs from the entries of the log')
  }
  for (const tile of tilesOfSize(head)) if (!names.has(tilePath(tile))) bad(tilePath(tile), 'is missing')
  return checked
}
