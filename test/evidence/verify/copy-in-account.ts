import { BlobServiceClient } from '@azure/storage-blob'
import { fixedContainerOf, LOG_CONTAINER } from '../../../shared/evidence/log-layout.ts'
import type { StorageAccount } from '../../support/storage-account.ts'
import type { Files } from './sealed-copy.ts'

/** Puts a copy into an account, as the app writes it there: each of its folders is a container. */
export async function storeCopy(
  { connectionString }: Pick<StorageAccount, 'connectionString'>,
  files: Files,
  log: string = LOG_CONTAINER,
): Promise<void> {
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const containers = new Map(
    ['archive', log, fixedContainerOf(log)].map((name, at) => [
      ['archive', LOG_CONTAINER, fixedContainerOf(LOG_CONTAINER)][at] as string,
      blobs.getContainerClient(name),
    ]),
  )
  for (const container of containers.values()) {
    await container.createIfNotExists()
    for await (const { name } of container.listBlobsFlat()) await container.deleteBlob(name)
  }
  for (const [path, content] of files) {
    const [, folder = '', name = ''] = /^([^/]+)\/(.+)$/.exec(path) ?? []
    await containers.get(folder)?.getBlockBlobClient(name).upload(content, content.byteLength)
  }
}
