import type { ContainerClient } from '@azure/storage-blob'
import { type LetterMarker, type LetterState, listMarkers, stateOf } from './action.ts'
import type { DeadLetter } from './dead-letter.ts'
import { RECORDS_FOLDER } from './dead-letter-blobs.ts'
import { parseLetterLines } from './parse-dead-letter.ts'

/** A dead letter, and what operators did about it. */
export interface FiledLetter {
  readonly letter: DeadLetter
  readonly state: LetterState
  /** Oldest first. */
  readonly markers: readonly LetterMarker[]
}

/** Dead letters as they are kept. */
export interface LetterBook {
  /**
   * All letters, the latest burial first; those that were buried together come together. A letter that died several times is there once,
   * with its latest death.
   * @param folder of one sink, or `RECORDS_FOLDER`; absent: all
   */
  newestFirst(folder?: string): AsyncGenerator<readonly FiledLetter[]>
  /** Lines met so far that are no dead letters of any program of ours: left out, and in the blobs as they are. */
  unreadable(): number
  /** Letters that point at one archive blob. */
  ofBlob(blob: string, folders: readonly string[]): Promise<readonly FiledLetter[]>
}

/** Where the letters of a sink lie, or those of records that never became events. */
export const folderOf = ({ sink }: Pick<DeadLetter, 'sink'>): string => sink ?? RECORDS_FOLDER

/**
 * At most so many are read, of the newest messages first: their names alone would fill the memory.
 */
const MAX_LETTER_BLOBS = 200_000
const DOWNLOADS_AT_ONCE = 16

interface LetterBlob {
  readonly name: string
  readonly writtenMs: number
}

/** Folders right under a prefix, by their whole names. */
async function foldersUnder(container: ContainerClient, prefix: string): Promise<readonly string[]> {
  const folders: string[] = []
  for await (const item of container.listBlobsByHierarchy('/', { prefix }))
    if (item.kind === 'prefix') folders.push(item.name)
  return folders
}

const DATE = /\/ingest_date=([^/]+)\/$/

/** @param maxBlobs how many blobs are looked at */
export function letterBook(container: ContainerClient, maxBlobs = MAX_LETTER_BLOBS): LetterBook {
  async function blobsUnder(prefixes: readonly string[]): Promise<readonly LetterBlob[]> {
    const blobs: LetterBlob[] = []
    for (const prefix of prefixes) {
      if (blobs.length >= maxBlobs) break
      for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
        if (blobs.length >= maxBlobs) break
        if (name.endsWith('.jsonl')) blobs.push({ name, writtenMs: properties.lastModified.getTime() })
      }
    }
    return blobs.sort((a, b) => b.writtenMs - a.writtenMs || (a.name < b.name ? 1 : -1))
  }

  /** Days of the letters of some folders, newest first: whatever is left out is the oldest. */
  async function daysOf(folders: readonly string[]): Promise<readonly string[]> {
    const days = (await Promise.all(folders.map((folder) => foldersUnder(container, folder)))).flat()
    const dateOf = (day: string): string => DATE.exec(day)?.[1] ?? ''
    return days.toSorted((a, b) => (dateOf(a) < dateOf(b) ? 1 : -1))
  }

  let unreadable = 0
  const read = async ({ name }: LetterBlob): Promise<readonly DeadLetter[]> => {
    const text = (await container.getBlockBlobClient(name).downloadToBuffer()).toString()
    const lines = parseLetterLines(text)
    unreadable += lines.filter((line) => line === 'unreadable').length
    return lines.filter((line) => typeof line === 'object')
  }

  async function* filed(blobs: readonly LetterBlob[]): AsyncGenerator<readonly FiledLetter[]> {
    if (blobs.length === 0) return
    const markers = await listMarkers(container)
    const seen = new Set<string>()
    for (let i = 0; i < blobs.length; i += DOWNLOADS_AT_ONCE) {
      const burials = await Promise.all(blobs.slice(i, i + DOWNLOADS_AT_ONCE).map(read))
      // What was written within one second has no order by itself.
      const latestFirst = burials.toSorted((a, b) => (b[0]?.diedAt ?? 0) - (a[0]?.diedAt ?? 0))
      for (const letters of latestFirst) {
        const unseen = letters.filter(({ id }) => !seen.has(id))
        for (const { id } of unseen) seen.add(id)
        if (unseen.length === 0) continue
        yield unseen.map((letter) => {
          const own = (markers.get(letter.id) ?? []).toSorted((a, b) => a.at - b.at)
          return { letter, state: stateOf(letter, own), markers: own }
        })
      }
    }
  }

  return {
    async *newestFirst(folder) {
      const folders = folder === undefined ? await foldersUnder(container, 'v1/') : [`v1/${folder}/`]
      yield* filed(await blobsUnder(await daysOf(folders)))
    },
    unreadable: () => unreadable,
    async ofBlob(blob, folders) {
      const chunk = blob.replace(/^v1\//, '').replace(/\.jsonl\.gz$/, '')
      const found: FiledLetter[] = []
      for (const folder of folders) {
        for await (const letters of filed(await blobsUnder([`v1/${folder}/${chunk}/`])))
          found.push(...letters)
      }
      return found
    },
  }
}
