import type { BlobGetPropertiesResponse, BlockBlobClient } from '@azure/storage-blob'

const ALREADY_THERE: ReadonlySet<string> = new Set([
  'BlobAlreadyExists',
  'BlobImmutableDueToPolicy',
  'ConditionNotMet',
  // The answer to a role that may create but not overwrite.
  'UnauthorizedBlobOverwrite',
])

/** Whether the error says that the blob already exists. */
export const isAlreadyThere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ALREADY_THERE.has(String(error.code))

/** A blob that is written once, and the check that an existing one is the same. */
export interface WriteOnce {
  readonly content: Buffer
  readonly contentType?: string
  readonly metadata: Readonly<Record<string, string>>
  readonly abortSignal: AbortSignal
  /** Whether an existing blob is what should be written. */
  readonly isSame: (there: BlobGetPropertiesResponse) => boolean
}

/** The storage claims that a blob exists, but it does not, or holds something else. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError'
  readonly code: 'BlobMissing' | 'BlobDiffers'

  constructor(code: NotThereError['code']) {
    super(
      'Storage reports that a blob exists, but it is missing or differs. Check the account, and any proxy in front of it.',
    )
    this.code = code
  }
}

/**
 * Writes a blob once. If the storage says that it exists, its properties are checked first: content
 * that only seems to be stored would be lost. A first write costs no extra request.
 * @throws NotThereError if it is not stored as it should be; whatever the SDK throws
 */
export async function writeOnce(
  blob: Pick<BlockBlobClient, 'upload' | 'getProperties'>,
  { content, contentType, metadata, abortSignal, isSame }: WriteOnce,
): Promise<'written' | 'alreadyThere'> {
  try {
    await blob.upload(content, content.byteLength, {
      abortSignal,
      conditions: { ifNoneMatch: '*' },
      metadata: { ...metadata },
      ...(contentType === undefined ? {} : { blobHTTPHeaders: { blobContentType: contentType } }),
    })
    return 'written'
  } catch (error) {
    if (!isAlreadyThere(error)) throw error
  }
  const there = await blob.getProperties({ abortSignal }).catch((error: unknown) => {
    throw isMissing(error) ? new NotThereError('BlobMissing') : error
  })
  if (!isSame(there)) throw new NotThereError('BlobDiffers')
  return 'alreadyThere'
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === 404
