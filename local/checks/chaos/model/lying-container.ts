import { gunzipSync } from 'node:zlib'
import { RestError } from '@azure/core-rest-pipeline'
import type { ContainerClient } from '@azure/storage-blob'

/** Properties of a blob, besides its content. */
interface Properties {
  readonly contentLength: number
  readonly metadata: Readonly<Record<string, string>>
}

/**
 * A container for the archive writer that sometimes claims that a blob already exists, and does not
 * store it.
 * @param blobs decompressed contents by name
 * @param lies whether to lie now
 */
export function lyingContainer(
  blobs: Map<string, Buffer>,
  lies: () => boolean,
): Pick<ContainerClient, 'getBlockBlobClient'> {
  const known = new Map<string, Properties>()
  const client = (name: string) => ({
    async upload(
      body: Buffer,
      contentLength: number,
      options: { readonly metadata: Properties['metadata'] },
    ) {
      if (blobs.has(name) || lies())
        throw new RestError('It is there.', { statusCode: 409, code: 'BlobAlreadyExists' })
      blobs.set(name, gunzipSync(body))
      known.set(name, { contentLength, metadata: options.metadata })
    },
    async getProperties() {
      const properties = known.get(name)
      if (properties === undefined)
        throw new RestError('It is not there.', { statusCode: 404, code: 'BlobNotFound' })
      return properties
    },
  })
  return { getBlockBlobClient: client } as unknown as Pick<ContainerClient, 'getBlockBlobClient'>
}
