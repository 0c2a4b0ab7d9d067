import { type Digest, digest } from '../../encoding/digest.ts'
import type { ProvableBlob, ProvableLog } from '../../evidence/verify/provable-log.ts'

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
  readonly sealed?: ProvableBlob
}

/**
 * Compares a blob with its leaf. Proves nothing about the log itself.
 * @param stored as it is now; absent: it cannot be found
 */
export function blobEvidence(
  blob: string,
  stored: Buffer | undefined,
  log: Pick<ProvableLog, 'blobs'> | undefined,
): BlobEvidence {
  const sealed = log?.blobs.get(blob)
  const leaf = sealed === undefined ? {} : { sealed }
  if (stored === undefined) return { blob, state: 'missing', ...leaf }
  const now = { bytes: stored.byteLength, digest: digest(stored) }
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
