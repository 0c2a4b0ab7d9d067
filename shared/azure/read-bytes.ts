import type { LeanContainer } from './lean-container.ts'
import { hasStatus } from './storage-condition.ts'

/** A blob's whole content, and its version. */
export interface StoredBytes {
  readonly content: Buffer
  readonly etag: string
  readonly lastModified: Date | undefined
}

/** Reads a blob in one request. Rejects with the SDK's errors. */
export async function readBytes(
  container: Pick<LeanContainer, 'download'>,
  name: string,
  abortSignal?: AbortSignal,
): Promise<StoredBytes> {
  const { readableStreamBody, etag, lastModified } = await container.download(name, abortSignal)
  const blocks: Buffer[] = []
  for await (const block of readableStreamBody ?? []) blocks.push(block as Buffer)
  return { content: Buffer.concat(blocks), etag, lastModified }
}

/** Likewise; `undefined` if there is none. */
export async function readIfThere(...of: Parameters<typeof readBytes>): Promise<StoredBytes | undefined> {
  try {
    return await readBytes(...of)
  } catch (error) {
    if (hasStatus(error, 404)) return undefined
    throw error
  }
}
