import { BlobServiceClient } from '@azure/storage-blob'
import { fixedContainerOf, LOG_CONTAINER } from '../../../shared/evidence/log-layout.ts'
import type { StorageAccount } from '../../support/storage-account.ts'
import type { Files } from './sealed-copy.ts'

/**
 * Makes an account hold this copy and nothing else, as the app writes it there: each of its folders
 * is a container.
 * @param log name of the log's container
 */
export async function storeCopy(
  { connectionString }: Pick<StorageAccount, 'connectionString'>,
  files: Files,
  log: string = LOG_CONTAINER,
): Promise<void> {
  const blobs = BlobServiceClient.fromConnectionString(connectionString)
  const folders = [
    ['archive', 'archive'],
    [LOG_CONTAINER, log],
    [fixedContainerOf(LOG_CONTAINER), fixedContainerOf(log)],
  ] as const
  for (const [folder, name] of folders) {
    const container = blobs.getContainerClient(name)
    await container.createIfNotExists()
    for await (const blob of container.listBlobsFlat())
      if (!files.has(`${folder}/${blob.name}`)) await container.deleteBlob(blob.name)
    const own = [...files].filter(([path]) => path.startsWith(`${folder}/`))
    await Promise.all(
      own.map(([path, content]) =>
        container.getBlockBlobClient(path.slice(folder.length + 1)).upload(content, content.byteLength),
      ),
    )
  }
}
