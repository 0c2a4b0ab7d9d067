import { EvidenceError } from '../evidence-error.ts'
import { type Leaf, parseLeaf } from '../leaf.ts'
import type { LogStore } from '../log-store.ts'
import { parseBundle, TILE_WIDTH, tilePath } from '../tiles.ts'
import { ahead } from './ahead.ts'

const READS_AT_ONCE = 8

function* bundlesBack(size: number): Generator<{ readonly index: number; readonly width: number }> {
  for (let index = Math.ceil(size / TILE_WIDTH) - 1; index >= 0; index -= 1)
    yield { index, width: Math.min(TILE_WIDTH, size - index * TILE_WIDTH) }
}

/**
 * The entries of a tree of this size, bundle by bundle, the newest bundle first.
 * @throws EvidenceError if a bundle is missing or not whole
 */
export async function* newestBundles(
  log: Pick<LogStore, 'read'>,
  size: number,
): AsyncGenerator<readonly Buffer[]> {
  const read = async ({ index, width }: { readonly index: number; readonly width: number }) => {
    const content = await log.read(tilePath({ level: 'entries', index, width }))
    const entries = content === undefined ? undefined : parseBundle(content)
    if (entries?.length !== width) throw new EvidenceError('damaged')
    return entries
  }
  yield* ahead(bundlesBack(size), READS_AT_ONCE, read)
}

/** Leaves, the newest first; those that this program does not know are left out. */
export async function* newestLeaves(log: Pick<LogStore, 'read'>, size: number): AsyncGenerator<Leaf> {
  for await (const entries of newestBundles(log, size))
    for (const entry of entries.toReversed()) {
      const leaf = parseLeaf(entry)
      if (leaf !== undefined) yield leaf
    }
}
