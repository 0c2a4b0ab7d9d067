import { archiveBlob } from '../../archive/archive-blob.ts'
import type { LeanContainer } from '../../azure/lean-container.ts'
import { readIfThere } from '../../azure/read-bytes.ts'
import { DATE } from '../../domain/blob-folders.ts'
import { instant } from '../../domain/identifiers.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { Time } from '../../domain/time.ts'
import type { SealedArchive } from './seal-ports.ts'

const READ_TIMEOUT_MS = 120_000
const PREFIX = `v1/${DATE}`

/** The archive in its container. Rejects with the SDK's errors. */
export const sealedArchive = (container: LeanContainer, time: Pick<Time, 'limit'>): SealedArchive => ({
  async days() {
    let at: Date | undefined
    const days: string[] = []
    for await (const page of container.listBlobsByHierarchy('/', { prefix: PREFIX }).byPage()) {
      at ??= page.date
      for (const { name } of page.segment.blobPrefixes ?? []) days.push(name.slice(PREFIX.length, -1))
    }
    if (at === undefined) throw new InvariantError('a listing without a date')
    return { at: instant(at.getTime()), days }
  },
  async *blobsOf(day) {
    for await (const { name, properties } of container.listBlobsFlat({ prefix: `${PREFIX}${day}/` })) {
      if (archiveBlob(name) === undefined) continue
      const createdAt = properties.createdOn ?? properties.lastModified
      yield { name, createdAt: instant(createdAt.getTime()) }
    }
  },
  async read(name) {
    const limit = time.limit(READ_TIMEOUT_MS)
    try {
      return (await readIfThere(container, name, limit.signal))?.content
    } finally {
      limit.end()
    }
  },
})
