import type { ContainerClient } from '@azure/storage-blob'
import { archiveBlob } from '../../archive/archive-blob.ts'
import { readBytes } from '../../azure/read-bytes.ts'
import type { Time } from '../../domain/time.ts'
import type { LogContainers } from '../blob-log-store.ts'
import { isFixed } from '../log-layout.ts'
import type { EvidenceCopy } from './evidence-copy.ts'

const READ_TIMEOUT_MS = 120_000

/** Archive and log in their account. Rejects with the SDK's errors. */
export const containerCopy = (
  archive: ContainerClient,
  { log, fixed }: LogContainers,
  time: Pick<Time, 'limit'>,
): EvidenceCopy => ({
  async *archiveNames() {
    for await (const { name } of archive.listBlobsFlat({ prefix: 'v1/' }))
      if (archiveBlob(name) !== undefined) yield name
  },
  async *logNames() {
    for (const container of [log, fixed]) for await (const { name } of container.listBlobsFlat()) yield name
  },
  async read(name) {
    const container = archiveBlob(name) === undefined ? (isFixed(name) ? fixed : log) : archive
    const limit = time.limit(READ_TIMEOUT_MS)
    try {
      return (await readBytes(container.getBlockBlobClient(name), limit.signal))?.content
    } finally {
      limit.end()
    }
  },
})
