import type { ContainerClient } from '@azure/storage-blob'
import { readBytes } from '../../azure/read-bytes.ts'
import type { Time } from '../../domain/time.ts'
import { type Digest, digest } from '../../encoding/digest.ts'
import type { SealedBlob, SealedLog } from './sealed-log.ts'

const READ_TIMEOUT_MS = 120_000

/**
 * Whether a blob is what the log says. `same`: its hash and size are those of its leaf; `changed`:
 * they are not; `unsealed`: no leaf is about it; `noLog`: the archive has no log; `missing`: the
 * blob cannot be found.
 */
export type SealState = 'same' | 'changed' | 'unsealed' | 'noLog' | 'missing'

/** An archive blob as it is now, and what the log says of it. */
export interface BlobEvidence {
  readonly blob: string
  readonly state: SealState
  /** Of the stored, compressed bytes. */
  readonly bytes?: number
  readonly digest?: Digest
  readonly sealed?: SealedBlob
}

/** Reads a blob as it is now, and compares it with its leaf. Proves nothing about the log itself. */
export async function blobEvidence(
  archive: ContainerClient,
  log: SealedLog | undefined,
  blob: string,
  time: Pick<Time, 'limit'>,
): Promise<BlobEvidence> {
  const sealed = log?.blobs.get(blob)
  const limit = time.limit(READ_TIMEOUT_MS)
  const stored = await readBytes(archive.getBlockBlobClient(blob), limit.signal).finally(limit.end)
  const leaf = sealed === undefined ? {} : { sealed }
  if (stored === undefined) return { blob, state: 'missing', ...leaf }
  const now = { bytes: stored.content.byteLength, digest: digest(stored.content) }
  const state =
    log === undefined
      ? 'noLog'
      : sealed === undefined
        ? 'unsealed'
        : sealed.leaf.bytes === now.bytes && sealed.leaf.digest === now.digest
          ? 'same'
          : 'changed'
  return { blob, state, ...now, ...leaf }
}
