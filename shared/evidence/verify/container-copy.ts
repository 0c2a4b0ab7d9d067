import { archiveBlob } from '../../archive/archive-blob.ts'
import type { LeanContainer } from '../../azure/lean-container.ts'
import { readIfThere } from '../../azure/read-bytes.ts'
import type { Time } from '../../domain/time.ts'
import type { LogContainers } from '../blob-log-store.ts'
import { isFixed } from '../log-layout.ts'
import type { EvidenceCopy } from './evidence-copy.ts'

const READ_TIMEOUT_MS = 120_000

/** Archive and log in their account. Rejects with the SDK's errors. */
export const containerCopy = (
  archive: LeanContainer,
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
      return (await readIfThere(container, name, limit.signal))?.content
    } finally {
      limit.end()
    }
  },
})
