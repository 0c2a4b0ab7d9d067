import { nodeHash } from './merkle.ts'

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
const half = (value: number): number => Math.floor(value / 2)
const isOdd = (value: number): boolean => value % 2 === 1

/** A leaf, and the way from it to a root. */
export interface Inclusion {
  /** `leafHash` of the entry. */
  readonly leaf: Uint8Array
  readonly index: number
  readonly size: number
  readonly proof: readonly Uint8Array[]
}

/**
 * The root that an inclusion proof leads to; `undefined` if it is too long, too short, or outside
 * of the tree: [RFC 9162, 2.1.3.2](https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2).
 */
export function rootOfInclusion({ leaf, index, size, proof }: Inclusion): Buffer | undefined {
  if (!isSize(index) || !isSize(size) || index >= size) return undefined
  let at = index
  let last = size - 1
  let root: Buffer = Buffer.from(leaf)
  for (const sibling of proof) {
    if (last === 0) return undefined
    if (isOdd(at) || at === last) {
      root = nodeHash(sibling, root)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else root = nodeHash(root, sibling)
    at = half(at)
    last = half(last)
  }
  return last === 0 ? root : undefined
}

/** Whether the leaf is in the tree of this root. */
export const isIncluded = (inclusion: Inclusion, root: Uint8Array): boolean =>
  rootOfInclusion(inclusion)?.equals(root) ?? false

/** A tree and a later one. */
export interface Consistency {
  readonly oldSize: number
  readonly oldRoot: Uint8Array
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * Whether the older tree is the beginning of the newer one:
 * [RFC 9162, 2.1.4.2](https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4.2).
 */
export function isConsistent({ oldSize, oldRoot, size, root, proof }: Consistency): boolean {
  if (!isSize(oldSize) || !isSize(size) || oldSize > size) return false
  if (oldSize === size) return proof.length === 0 && Buffer.from(oldRoot).equals(root)
  // Every tree begins with none.
  if (oldSize === 0) return proof.length === 0
  let at = oldSize - 1
  let last = size - 1
  while (isOdd(at)) {
    at = half(at)
    last = half(last)
  }
  // A power of two: the old root is itself a node of the new tree, and not in the proof.
  const [start, ...rest] = at === 0 ? [oldRoot, ...proof] : proof
  if (start === undefined) return false
  let older: Buffer = Buffer.from(start)
  let newer: Buffer = Buffer.from(start)
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      older = nodeHash(sibling, older)
      newer = nodeHash(sibling, newer)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else newer = nodeHash(newer, sibling)
    at = half(at)
    last = half(last)
  }
  return last === 0 && older.equals(oldRoot) && newer.equals(root)
}
