import { Readable } from 'node:stream'
import type { ArchiveContainer } from '../../archive/archive-container.ts'
import { contentOf } from '../blob-content.ts'
import type { EvidenceCopy } from './evidence-copy.ts'
import { CopyError } from './folder-copy.ts'

const LINE_FEED = 0x0a

/**
 * The archive of a copy, for those who read its records. Downloads reject with a CopyError if a
 * blob is not what an archive blob looks like; they check no hash.
 */
export function archiveInCopy(copy: Pick<EvidenceCopy, 'archiveNames' | 'read'>): ArchiveContainer {
  let listed: readonly string[] | undefined
  const names = async (): Promise<readonly string[]> => {
    if (listed !== undefined) return listed
    const found: string[] = []
    for await (const name of copy.archiveNames()) found.push(name)
    listed = found
    return found
  }
  return {
    async *listBlobsFlat({ prefix }) {
      for (const name of await names()) if (name.startsWith(prefix)) yield { name }
    },
    async *listBlobsByHierarchy(delimiter, { prefix }) {
      let last: string | undefined
      for (const name of await names()) {
        if (!name.startsWith(prefix)) continue
        const end = name.indexOf(delimiter, prefix.length)
        const folder = end === -1 ? name : name.slice(0, end + 1)
        if (folder !== last) yield { name: folder }
        last = folder
      }
    },
    async download(name) {
      const stored = await copy.read(name)
      const content = stored === undefined ? undefined : contentOf(stored)
      if (stored === undefined || content?.at(-1) !== LINE_FEED)
        throw new CopyError(`${name} cannot be read as an archive blob: risk-export verify says more.`)
      return { readableStreamBody: Readable.from([stored]), contentLength: stored.byteLength }
    },
  }
}
