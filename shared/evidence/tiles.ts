import { InvariantError } from '../domain/invariant-error.ts'
import { HASH_BYTES } from './merkle.ts'

/** Hashes of a full tile, and entries of a full bundle. */
export const TILE_WIDTH = 256
/** Most bytes of an entry: its length takes 16 bits. */
export const MAX_ENTRY_BYTES = 65_535
/** Levels that a tree of 2^53 leaves has tiles on. */
const MAX_LEVEL = 6

/** Consecutive hashes of one level of the tree: [C2SP tlog-tiles](https://c2sp.org/tlog-tiles). */
export interface Tile {
  /** `entries`: the leaves themselves, as an entry bundle. */
  readonly level: number | 'entries'
  readonly index: number
  /** Hashes or entries in it; `TILE_WIDTH` if it is full. */
  readonly width: number
}

const indexPath = (index: number): string => {
  const digits = String(index)
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? []
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
}

/** The name of a tile below the log's prefix: `tile/0/x001/x234/067.p/8`. */
export const tilePath = ({ level, index, width }: Tile): string =>
  `tile/${level}/${indexPath(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`

const PATH = /^tile\/(entries|\d|[1-5]\d|6[0-3])\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** The tile of a name; `undefined` if it is not the one name of a tile. */
export function parseTilePath(path: string): Tile | undefined {
  const match = PATH.exec(path)
  if (match === null) return undefined
  const [, level = '', digits = '', width] = match
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(digits.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  }
  return Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : undefined
}

/** Tiles of one level in a tree of `size` leaves: the full ones, and the width of the partial one. */
export const tilesOnLevel = (size: number, level: number): { full: number; partial: number } => {
  const hashes = Math.floor(size / TILE_WIDTH ** level)
  return { full: Math.floor(hashes / TILE_WIDTH), partial: hashes % TILE_WIDTH }
}

/** All tiles and entry bundles of a tree, level by level; partial tiles only of this very size. */
export function* tilesOfSize(size: number): Generator<Tile> {
  for (let level = 0; level <= MAX_LEVEL; level += 1) {
    const { full, partial } = tilesOnLevel(size, level)
    if (full === 0 && partial === 0) return
    for (const kind of level === 0 ? (['entries', 0] as const) : [level]) {
      for (let index = 0; index < full; index += 1) yield { level: kind, index, width: TILE_WIDTH }
      if (partial > 0) yield { level: kind, index: full, width: partial }
    }
  }
}

/** The hashes of a tile; `undefined` if they are not whole. */
export function parseTile(bytes: Buffer): readonly Buffer[] | undefined {
  if (bytes.length % HASH_BYTES !== 0) return undefined
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

/** An entry bundle: each entry after its length as a big-endian `uint16`. */
export const bundleBytes = (entries: readonly Uint8Array[]): Buffer =>
  Buffer.concat(
    entries.flatMap((entry) => {
      if (entry.byteLength > MAX_ENTRY_BYTES) throw new InvariantError('an entry too long for a bundle')
      const length = Buffer.alloc(2)
      length.writeUInt16BE(entry.byteLength)
      return [length, entry]
    }),
  )

/** The entries of a bundle; `undefined` if the last one is cut off. */
export function parseBundle(bytes: Buffer): readonly Buffer[] | undefined {
  const entries: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    if (at + 2 > bytes.length) return undefined
    const end = at + 2 + bytes.readUInt16BE(at)
    if (end > bytes.length) return undefined
    entries.push(bytes.subarray(at + 2, end))
    at = end
  }
  return entries
}
