import { errorCode } from '../../azure/error-code.ts'
import { hasCode, hasStatus } from '../../azure/storage-condition.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import { NewerVersionError } from '../../domain/newer-version-error.ts'

/** Errors about the contents or an impossible name, not about the storage. */
const OF_WHAT_WAS_READ = [InvariantError, SyntaxError, TypeError, RangeError, URIError] as const
/** The SDK's message for a name that makes no URL. */
const NO_NAME = 'Unable to extract blobName'

/** 4xx that say nothing about one blob: they concern the caller, its rate or the container. */
const OF_EVERY_BLOB = [401, 403, 408, 429] as const
const OF_THE_CONTAINER = [
  'ContainerNotFound',
  'ContainerBeingDeleted',
  'ContainerDisabled',
  'InvalidHeaderValue',
]

const isRefusedName = (error: unknown): boolean =>
  (error instanceof Error && error.message.startsWith(NO_NAME)) ||
  (isClientError(error) && !hasStatus(error, ...OF_EVERY_BLOB) && !hasCode(error, ...OF_THE_CONTAINER))

const isClientError = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'statusCode' in error &&
  typeof error.statusCode === 'number' &&
  error.statusCode >= 400 &&
  error.statusCode < 500

/**
 * Why an archive blob cannot be read, for operators; `undefined` if the storage did not answer,
 * which says nothing about the blob.
 */
export function unreadableBecause(error: unknown): string | undefined {
  if (hasCode(error, 'BlobNotFound')) return 'is missing'
  if (hasCode(error, 'BlobArchived', 'BlobBeingRehydrated'))
    return 'is in the archive tier and must be rehydrated'
  if (hasCode(error, 'Z_DATA_ERROR', 'Z_BUF_ERROR')) return 'is damaged: it cannot be decompressed'
  if (error instanceof NewerVersionError) return 'was written by a newer version of this program'
  if (isRefusedName(error)) return `cannot be requested (${errorCode(error) ?? 'invalid name'})`
  if (OF_WHAT_WAS_READ.some((kind) => error instanceof kind)) return 'does not hold the expected lines'
  return undefined
}
