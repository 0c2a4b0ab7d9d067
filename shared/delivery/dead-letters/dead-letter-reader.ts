import type { LeanContainer } from '../../azure/lean-container.ts'
import { readBytes } from '../../azure/read-bytes.ts'
import { trunkOf } from '../../domain/blob-folders.ts'
import { type DeadLetterAction, type DeadLetterState, listActions, stateOf } from './action.ts'
import type { DeadLetter } from './dead-letter.ts'
import { RECORDS_FOLDER } from './dead-letter-blobs.ts'
import { parseDeadLetterLines } from './parse-dead-letter.ts'

/** A dead letter, and the operators' actions on it. */
export interface FiledDeadLetter {
  readonly deadLetter: DeadLetter
  readonly state: DeadLetterState
  /** Oldest first. */
  readonly actions: readonly DeadLetterAction[]
}

/** Reads stored dead letters. */
export interface DeadLetterReader {
  /**
   * All dead letters, latest first, in the groups in which they were written. One written several
   * times appears once, as its latest.
   * @param folder of one sink, or `RECORDS_FOLDER`; absent: all
   */
  newestFirst(folder?: string): AsyncGenerator<readonly FiledDeadLetter[]>
  /** Lines seen so far that are not dead letters: left out, and kept in their blobs. */
  unreadable(): number
  /** Dead letters that point at one archive blob. */
  ofBlob(blob: string, folders: readonly string[]): Promise<readonly FiledDeadLetter[]>
}

/** The folder of a sink's dead letters, or of records that never became events. */
export const folderOf = ({ sink }: Pick<DeadLetter, 'sink'>): string => sink ?? RECORDS_FOLDER

/** Most blobs read, newest messages first: names alone would fill the memory. */
const MAX_DEAD_LETTER_BLOBS = 200_000
const DOWNLOADS_AT_ONCE = 16

interface DeadLetterBlob {
  readonly name: string
  readonly writtenMs: number
}

/** Full names of the folders directly under a prefix. */
async function foldersUnder(container: LeanContainer, prefix: string): Promise<readonly string[]> {
  const folders: string[] = []
  for await (const item of container.listBlobsByHierarchy('/', { prefix }))
    if (item.kind === 'prefix') folders.push(item.name)
  return folders
}

const DATE = /\/ingest_date=([^/]+)\/$/

/** @param maxBlobs most blobs read */
export function deadLetterReader(
  container: LeanContainer,
  maxBlobs = MAX_DEAD_LETTER_BLOBS,
): DeadLetterReader {
  async function blobsUnder(prefixes: readonly string[]): Promise<readonly DeadLetterBlob[]> {
    const blobs: DeadLetterBlob[] = []
    for (const prefix of prefixes) {
      if (blobs.length >= maxBlobs) break
      for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
        if (blobs.length >= maxBlobs) break
        if (name.endsWith('.jsonl')) blobs.push({ name, writtenMs: properties.lastModified.getTime() })
      }
    }
    return blobs.sort((a, b) => b.writtenMs - a.writtenMs || (a.name < b.name ? 1 : -1))
  }

  /** Days that have dead letters in these folders, newest first, so that the oldest are cut off. */
  async function daysOf(folders: readonly string[]): Promise<readonly string[]> {
    const days = (await Promise.all(folders.map((folder) => foldersUnder(container, folder)))).flat()
    const dateOf = (day: string): string => DATE.exec(day)?.[1] ?? ''
    return days.toSorted((a, b) => (dateOf(a) < dateOf(b) ? 1 : -1))
  }

  let unreadable = 0
  const read = async ({ name }: DeadLetterBlob): Promise<readonly DeadLetter[]> => {
    const text = (await readBytes(container, name)).content.toString()
    const lines = parseDeadLetterLines(text)
    unreadable += lines.filter((line) => line === 'unreadable').length
    return lines.filter((line) => typeof line === 'object')
  }

  async function* filed(blobs: readonly DeadLetterBlob[]): AsyncGenerator<readonly FiledDeadLetter[]> {
    if (blobs.length === 0) return
    const actions = await listActions(container)
    const seen = new Set<string>()
    for (let i = 0; i < blobs.length; i += DOWNLOADS_AT_ONCE) {
      const deadLetterGroups = await Promise.all(blobs.slice(i, i + DOWNLOADS_AT_ONCE).map(read))
      // Blobs written within one second have no order of their own.
      const latestFirst = deadLetterGroups.toSorted(
        (a, b) => (b[0]?.deadLetteredAt ?? 0) - (a[0]?.deadLetteredAt ?? 0),
      )
      for (const deadLetters of latestFirst) {
        const unseen = deadLetters.filter(({ id }) => !seen.has(id))
        for (const { id } of unseen) seen.add(id)
        if (unseen.length === 0) continue
        yield unseen.map((deadLetter) => {
          const own = (actions.get(deadLetter.id) ?? []).toSorted((a, b) => a.at - b.at)
          return { deadLetter, state: stateOf(deadLetter, own), actions: own }
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
      const found: FiledDeadLetter[] = []
      for (const folder of folders) {
        for await (const deadLetters of filed(await blobsUnder([`v1/${folder}/${trunkOf(blob)}/`])))
          found.push(...deadLetters)
      }
      return found
    },
  }
}
