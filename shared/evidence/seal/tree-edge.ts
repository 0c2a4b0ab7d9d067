import { InvariantError } from '../../domain/invariant-error.ts'
import { foldPeaks, leafHash, nodeHash } from '../merkle.ts'
import {
  bundleBytes,
  parseBundle,
  parseTile,
  TILE_WIDTH,
  type Tile,
  tilePath,
  tilesOnLevel,
} from '../tiles.ts'

/** A blob of the log. */
export interface LogFile {
  readonly name: string
  readonly content: Buffer
}

/** Reads a tile or entry bundle; `undefined` if there is none. */
export type ReadFile = (name: string) => Promise<Buffer | undefined>

const fileOf = (tile: Tile, content: Buffer): LogFile => ({ name: tilePath(tile), content })

/** Peaks of perfect subtrees that begin at a multiple of 256 of them, the largest first. */
function peaksOf(hashes: readonly Buffer[]): readonly Buffer[] {
  const peaks: { width: number; hash: Buffer }[] = []
  for (const hash of hashes) {
    let peak = { width: 1, hash }
    for (let last = peaks.at(-1); last?.width === peak.width; last = peaks.at(-1)) {
      peaks.pop()
      peak = { width: peak.width * 2, hash: nodeHash(last.hash, peak.hash) }
    }
    peaks.push(peak)
  }
  return peaks.map(({ hash }) => hash)
}

/**
 * The right edge of the tree: its partial tiles and its partial entry bundle. All that is needed to
 * append leaves, however large the tree is.
 */
export class TreeEdge {
  size = 0
  /** Hashes of the partial tile of each level. */
  readonly #levels: Buffer[][] = [[]]
  #entries: Buffer[] = []

  /**
   * Reads the edge of a tree of this size.
   * @returns `undefined` if a tile is missing or not whole; the caller compares the root
   */
  static async read(size: number, read: ReadFile): Promise<TreeEdge | undefined> {
    const edge = new TreeEdge()
    edge.size = size
    for (let level = 0; level === 0 || tilesOnLevel(size, level - 1).full > 0; level += 1) {
      const { full: index, partial: width } = tilesOnLevel(size, level)
      edge.#levels[level] = []
      if (width === 0) continue
      const tile = await read(tilePath({ level, index, width }))
      const hashes = tile === undefined ? undefined : parseTile(tile)
      if (hashes?.length !== width) return undefined
      edge.#levels[level] = [...hashes]
    }
    const { full: index, partial: width } = tilesOnLevel(size, 0)
    if (width === 0) return edge
    const bundle = await read(tilePath({ level: 'entries', index, width }))
    const entries = bundle === undefined ? undefined : parseBundle(bundle)
    if (entries?.length !== width) return undefined
    edge.#entries = [...entries]
    return edge.#levels[0]?.every((hash, at) => hash.equals(leafHash(entries[at] as Buffer)))
      ? edge
      : undefined
  }

  /** Appends an entry, and yields the tiles and bundles that are full with it. */
  append(entry: Buffer): readonly LogFile[] {
    const full: LogFile[] = []
    const index = Math.floor(this.size / TILE_WIDTH)
    this.#entries.push(entry)
    if (this.#entries.length === TILE_WIDTH) {
      full.push(fileOf({ level: 'entries', index, width: TILE_WIDTH }, bundleBytes(this.#entries)))
      this.#entries = []
    }
    this.size += 1
    let hash = leafHash(entry)
    for (let level = 0; ; level += 1) {
      this.#levels[level] ??= []
      const hashes = this.#level(level)
      hashes.push(hash)
      if (hashes.length < TILE_WIDTH) return full
      const tile = { level, index: tilesOnLevel(this.size, level).full - 1, width: TILE_WIDTH }
      full.push(fileOf(tile, Buffer.concat(hashes)))
      const [root] = peaksOf(hashes)
      if (root === undefined) throw new InvariantError('a full tile without hashes')
      hash = root
      this.#levels[level] = []
    }
  }

  /** The partial tiles and the partial bundle that a checkpoint of the present size needs. */
  partial(): readonly LogFile[] {
    const files = this.#levels.flatMap((hashes, level) =>
      hashes.length === 0
        ? []
        : fileOf(
            { level, index: tilesOnLevel(this.size, level).full, width: hashes.length },
            Buffer.concat(hashes),
          ),
    )
    const width = this.#entries.length
    const index = tilesOnLevel(this.size, 0).full
    return width === 0
      ? files
      : [fileOf({ level: 'entries', index, width }, bundleBytes(this.#entries)), ...files]
  }

  root(): Buffer {
    return foldPeaks(this.#levels.toReversed().flatMap(peaksOf))
  }

  #level(level: number): Buffer[] {
    const hashes = this.#levels[level]
    if (hashes === undefined) throw new InvariantError('a level outside of the tree')
    return hashes
  }
}
