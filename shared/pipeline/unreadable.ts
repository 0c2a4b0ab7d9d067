import { hasCode } from '../delivery/storage-condition.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import { NewerVersionError } from '../domain/newer-version-error.ts'

/** What such an error throws is about what was read, not about the storage. */
const OF_WHAT_WAS_READ = [InvariantError, SyntaxError, TypeError, RangeError] as const

/**
 * What is wrong with an archive blob that was to be read, for operators; `undefined` where the storage did not answer, which says nothing
 * of the blob.
 */
export function unreadableBecause(error: unknown): string | undefined {
  if (hasCode(error, 'BlobNotFound')) return 'is not there'
  if (hasCode(error, 'BlobArchived', 'BlobBeingRehydrated'))
    return 'lies in the archive tier and must be rehydrated'
  if (hasCode(error, 'Z_DATA_ERROR', 'Z_BUF_ERROR')) return 'is damaged: it cannot be unpacked'
  if (error instanceof NewerVersionError) return 'was written by a newer version of this program'
  if (OF_WHAT_WAS_READ.some((kind) => error instanceof kind))
    return 'does not hold on these lines what it should'
  return undefined
}
