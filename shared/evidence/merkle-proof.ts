import { nodeHash } from './merkle.ts'

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0
const half = (value: number): number => Math.floor(value / 2)
const isOdd = (value: number): boolean => value % 2 === 1

/**
 * Climbs from a node to the root of its tree, and calls for each sibling the function of its side.
 * @param node its number on its level
 * @param lastNode number of the last one there
 * @returns whether the siblings lead to the root, and not further
 */
function climb(
  node: number,
  lastNode: number,
  siblings: readonly Uint8Array[],
  { left, right }: Readonly<Record<'left' | 'right', (sibling: Uint8Array) => void>>,
): boolean {
  let at = node
  let last = lastNode
  for (const sibling of siblings) {
    if (last === 0) return false
    if (isOdd(at) || at === last) {
      left(sibling)
      while (!isOdd(at) && at !== 0) {
        at = half(at)
        last = half(last)
      }
    } else right(sibling)
    at = half(at)
    last = half(last)
  }
  return last === 0
}

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
  let root: Buffer = Buffer.from(leaf)
  const isRoot = climb(index, size - 1, proof, {
    left: (sibling) => {
      root = nodeHash(sibling, root)
    },
    right: (sibling) => {
      root = nodeHash(root, sibling)
    },
  })
  return isRoot ? root : undefined
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
  const isRoot = climb(at, last, rest, {
    left: (sibling) => {
      older = nodeHash(sibling, older)
      newer = nodeHash(sibling, newer)
    },
    right: (sibling) => {
      newer = nodeHash(newer, sibling)
    },
  })
  return isRoot && older.equals(oldRoot) && newer.equals(root)
}
