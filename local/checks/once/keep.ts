import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { ContainerClient } from '@azure/storage-blob'
import { blobNames } from './collect.ts'

/** Writes a container's blobs to files of the same names; a name cannot lead out of the folder. */
export async function keepBlobs(container: ContainerClient, folder: string): Promise<void> {
  const root = resolve(folder)
  for (const name of await blobNames(container)) {
    const path = resolve(join(root, name))
    if (!path.startsWith(root + sep)) continue
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, await container.getBlockBlobClient(name).downloadToBuffer())
  }
}
