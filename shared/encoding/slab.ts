import { ByteWriter } from './byte-writer.ts'

const SLAB_BYTES = 256 * 1024
/** Most of what is written at once takes less. */
const ROOM_BYTES = 16 * 1024

let slab = new ByteWriter(SLAB_BYTES)

/**
 * Memory for a result, to be written from its present length on. Many small results share a piece
 * of it, so that they cost the garbage collector next to nothing; they are to be let go of
 * together, soon.
 */
export function slabWithRoom(): ByteWriter {
  const { bytes, length } = slab
  if (length + ROOM_BYTES > SLAB_BYTES || bytes.length > SLAB_BYTES) slab = new ByteWriter(SLAB_BYTES)
  return slab
}
