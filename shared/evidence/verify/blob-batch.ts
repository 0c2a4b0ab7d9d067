import { type BlobTask, type CheckedBlob, checkBlob } from './blob-check.ts'
import type { Rereading } from './rereading.ts'

/** Blobs as they go to another thread: their bytes in one piece, which changes hands. */
export interface PackedBatch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly blobs: readonly (Omit<BlobTask, 'stored'> & { readonly end: number })[]
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
    checkBlob({ ...task, stored: content.subarray(blobs[at - 1]?.end ?? 0, end) }, rereading),
  )
}
