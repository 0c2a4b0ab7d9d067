import type { ContainerClient } from '@azure/storage-blob'
import { isAlreadyThere } from '../domain/already-there.ts'
import { compress } from '../domain/compress.ts'
import { DurabilityError } from '../domain/durability-error.ts'
import { instant } from '../domain/identifiers.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import type { Time } from '../domain/time.ts'
import type { Chunk } from './chunk.ts'

const WRITE_TIMEOUT_MS = 60_000

/** Writes chunks ahead of any delivery. */
export interface ArchiveWriter {
  /**
   * Writes a chunk's blob once; a blob that is there under this name is this content.
   * @throws DurabilityError when the storage does not take it
   */
  write(chunk: Chunk): Promise<'written' | 'alreadyThere'>
}

/**
 * @param container the archive's container
 * @param programVersion kept in the blob's metadata, beside the time of writing: neither may be in a line
 */
export function archiveWriter(
  container: Pick<ContainerClient, 'getBlockBlobClient'>,
  programVersion: string,
  time: Pick<Time, 'now' | 'timeout'>,
): ArchiveWriter {
  return {
    async write(chunk) {
      const body = await compress(chunk.content)
      try {
        await container.getBlockBlobClient(chunk.blob).upload(body, body.byteLength, {
          abortSignal: time.timeout(WRITE_TIMEOUT_MS),
          conditions: { ifNoneMatch: '*' },
          blobHTTPHeaders: { blobContentType: 'application/gzip' },
          metadata: {
            writtenat: isoInstant(instant(time.now())),
            programversion: programVersion,
            contentsha256: chunk.contentHash,
            contentbytes: String(chunk.content.byteLength),
            messages: String(chunk.messages),
            records: String(chunk.tally.records),
            events: String(chunk.tally.events),
            faults: String(chunk.tally.faults),
            skipped: String(chunk.tally.skipped),
            lines: String(chunk.lines),
          },
        })
        return 'written'
      } catch (error) {
        if (isAlreadyThere(error)) return 'alreadyThere'
        throw new DurabilityError('Writing an archive blob', error)
      }
    },
  }
}
