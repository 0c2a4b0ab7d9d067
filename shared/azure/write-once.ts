import type { BlobGetPropertiesResponse, BlockBlobClient } from '@azure/storage-blob'

const ALREADY_THERE: ReadonlySet<string> = new Set([
  'BlobAlreadyExists',
  'BlobImmutableDueToPolicy',
  'ConditionNotMet',
  // What a role that may create but not overwrite is told.
  'UnauthorizedBlobOverwrite',
])

/** Whether a storage says of a blob that is written once: it is there, under this name, as it was. */
const isAlreadyThere = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && ALREADY_THERE.has(String(error.code))

/** What is to be written under a name that nothing else has. */
export interface WriteOnce {
  readonly content: Buffer
  readonly contentType?: string
  readonly metadata: Readonly<Record<string, string>>
  readonly abortSignal: AbortSignal
  /** Whether a blob of that name is what was to be written. */
  readonly isSame: (there: BlobGetPropertiesResponse) => boolean
}

/** A storage said that a blob is there; it is not, or it is not what is to be there. */
export class NotThereError extends Error {
  override readonly name = 'NotThereError'
  readonly code: 'BlobMissing' | 'BlobDiffers'

  constructor(code: NotThereError['code']) {
    super(
      'A blob that the storage calls present is not there as it was written: look at the account, and at what stands before it.',
    )
    this.code = code
  }
}

/**
 * Writes a blob that is written once. The word of a storage, that it is there already, is believed after a look at it: what is only said
 * to be there would be lost. As long as nothing is written twice, that look is not taken.
 * @throws NotThereError where it is not there as it should be, and whatever the SDK throws
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
