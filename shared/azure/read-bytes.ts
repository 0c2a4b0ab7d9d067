import type { BlockBlobClient } from '@azure/storage-blob'
import { hasStatus } from './storage-condition.ts'

/** A blob's whole content, and its version. */
export interface StoredBytes {
  readonly content: Buffer
  readonly etag: string
  readonly lastModified: Date | undefined
}

/**
 * Reads a blob in one request; `undefined` if there is none. Rejects with the SDK's other errors.
 */
export async function readBytes(
  blob: Pick<BlockBlobClient, 'download'>,
  abortSignal?: AbortSignal,
): Promise<StoredBytes | undefined> {
  try {
    const options = abortSignal === undefined ? {} : { abortSignal }
    const { readableStreamBody, etag = '', lastModified } = await blob.download(0, undefined, options)
    const blocks: Buffer[] = []
    for await (const block of readableStreamBody ?? []) blocks.push(block as Buffer)
    return { content: Buffer.concat(blocks), etag, lastModified }
  } catch (error) {
    if (hasStatus(error, 404)) return undefined
    throw error
  }
}
