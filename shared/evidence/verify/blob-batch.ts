import type { ArchiveLeaf, UnreadableLeaf } from '../leaf.ts'
import { type CheckedBlob, checkBlob, NO_DIGESTS } from './blob-check.ts'
import type { Rereading } from './rereading.ts'

/** A blob to be checked. */
export interface BlobTask {
  readonly name: string
  readonly stored: Buffer
  /** `undefined` if it is not in the log. */
  readonly sealed: ArchiveLeaf | UnreadableLeaf | undefined
  /** Whether the digests of its records are compared with those of other blobs. */
  readonly isShared: boolean
}

/** Blobs as they go to another thread: their bytes in one piece, which changes hands. */
export interface PackedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly blobs: readonly (Omit<BlobTask, 'stored'> & { readonly end: number })[]
}

export const checkTask = (
  { name, stored, sealed, isShared }: BlobTask,
  rereading: Rereading,
): CheckedBlob => {
  const checked = checkBlob(name, stored, sealed, rereading)
  return isShared ? checked : { ...checked, digests: NO_DIGESTS }
}

export function packed(tasks: readonly BlobTask[]): PackedBatch {
  const bytes = new Uint8Array(tasks.reduce((sum, { stored }) => sum + stored.byteLength, 0))
  let end = 0
  const blobs = tasks.map(({ name, stored, sealed, isShared }) => {
    bytes.set(stored, end)
    end += stored.byteLength
    return { name, sealed, isShared, end }
  })
  return { bytes, blobs }
}

export function checkPacked({ bytes, blobs }: PackedBatch, rereading: Rereading): readonly CheckedBlob[] {
  const content = Buffer.from(bytes.buffer)
  return blobs.map(({ end, ...task }, at) =>
    checkTask({ ...task, stored: content.subarray(blobs[at - 1]?.end ?? 0, end) }, rereading),
  )
}
