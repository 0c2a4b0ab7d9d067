import type { BlobGetPropertiesResponse, BlockBlobClient } from '@azure/storage-blob'

const ALREADY_THERE: ReadonlySet<string> = new Set([
  'BlobAlreadyExists',
  'BlobImmutableDueToPolicy',
  'ConditionNotMet',
  // What a role that may create but not overwrite is told.
  'UnauthorizedBlobOverwrite',
])

/**
 * Whether a storage says of a blob that is written once: it is there, under this name, as it was.
 */
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

/** The storage said that a blob exists; it does not, or it holds something else. */
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
 * Writes a blob that must be written only once. If the storage says that it already exists, its
 * properties are checked before that is believed: content that only seems to be stored would be
 * lost. A first write costs no extra request.
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
