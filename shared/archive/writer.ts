import type { ContainerClient } from '@azure/storage-blob'
import { writeOnce } from '../azure/write-once.ts'
import { DurabilityError } from '../domain/durability-error.ts'
import { instant } from '../domain/identifiers.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import type { Time } from '../domain/time.ts'
import { compress } from '../encoding/compress.ts'
import type { Chunk } from './chunk.ts'

const WRITE_TIMEOUT_MS = 60_000

/** Writes chunks before any delivery. */
export interface ArchiveWriter {
  /**
   * Writes a chunk's blob once; an existing blob of this name, hash and size has the same content.
   * @throws DurabilityError if the storage does not take it, or claims to have it and does not
   */
  write(chunk: Chunk): Promise<'written' | 'alreadyThere'>
}

/**
 * @param container the archive's container
 * @param programVersion stored in the blob's metadata with the write time; lines must hold neither
 */
export function archiveWriter(
  container: Pick<ContainerClient, 'getBlockBlobClient'>,
  programVersion: string,
  time: Pick<Time, 'now' | 'limit'>,
): ArchiveWriter {
  return {
    async write(chunk) {
      const content = await compress(chunk.content)
      // Of the uncompressed content: another zlib compresses it to other bytes.
      const identity = { contentsha256: chunk.contentHash, contentbytes: String(chunk.content.byteLength) }
      const limit = time.limit(WRITE_TIMEOUT_MS)
      try {
        return await writeOnce(container.getBlockBlobClient(chunk.blob), {
          content,
          contentType: 'application/gzip',
          metadata: {
            writtenat: isoInstant(instant(time.now())),
            programversion: programVersion,
            ...identity,
            messages: String(chunk.messages),
            records: String(chunk.tally.records),
            events: String(chunk.tally.events),
            faults: String(chunk.tally.faults),
            skipped: String(chunk.tally.skipped),
            lines: String(chunk.lines),
          },
          abortSignal: limit.signal,
          isSame: ({ contentLength = 0, metadata = {} }) =>
            contentLength > 0 &&
            metadata.contentsha256 === identity.contentsha256 &&
            metadata.contentbytes === identity.contentbytes,
        })
      } catch (error) {
        throw new DurabilityError('Writing an archive blob', error)
      } finally {
        limit.end()
      }
    },
  }
}
