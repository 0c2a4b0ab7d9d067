import type { ArchiveContainer } from '../archive/archive-container.ts'
import type { ArchiveLine } from '../archive/archive-line.ts'
import { readBlob } from '../archive/reader.ts'
import { unreadableBecause } from '../pipeline/redeliver/unreadable.ts'

/** Called for an archive blob that cannot be read to its end, with why: `is damaged: …`. */
export type OnUnreadable = (blob: string, because: string) => void

/** An archive blob that must not be left out cannot be read. */
export class UnreadableBlobError extends Error {
  override readonly name = 'UnreadableBlobError'
}

/** Reads the lines of an archive blob. */
export type ReadBlob = (archive: ArchiveContainer, blob: string) => AsyncIterable<ArchiveLine>

/**
 * Reads archive blobs as far as they can be read: one that is damaged, or in the archive tier, keeps
 * nobody from reading the others. Rejects if the storage does not answer.
 */
export const readableLines = (onUnreadable: OnUnreadable): ReadBlob =>
  async function* (archive, blob) {
    try {
      yield* readBlob(archive, blob)
    } catch (error) {
      const because = unreadableBecause(error)
      if (because === undefined) throw error
      onUnreadable(blob, because)
    }
  }
