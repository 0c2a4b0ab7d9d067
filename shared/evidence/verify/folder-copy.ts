import { type Dirent, promises, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { EvidenceCopy } from './evidence-copy.ts'

/** No archive blob, and nothing of the log, is larger. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
const ARCHIVE = /(?:^|\/)(v1\/ingest_date=.+)$/
const LOG =
  /(?:^|\/)((?:commits\/\d{20}\.jsonl|checkpoints\/\d{20}(?:\.tsr)?|tile\/(?:entries|\d+)\/[x\d/]+(?:\.p\/\d+)?|keys\/[^/]+|checkpoint))$/

/** A folder that cannot be taken as a copy. */
export class CopyError extends Error {
  override readonly name = 'CopyError'
}

async function* filesIn(folder: string, below = ''): AsyncGenerator<string> {
  let entries: Dirent[]
  try {
    entries = await promises.readdir(join(folder, below), { withFileTypes: true })
  } catch (error) {
    throw new CopyError(
      `Reading ${join(folder, below)}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}.`,
    )
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) yield* filesIn(folder, path)
    else if (entry.isFile()) yield path
  }
}

/**
 * A downloaded copy: the containers side by side, or all in one folder.
 * @throws CopyError if the folder cannot be read or has two files for one blob
 */
export async function folderCopy(folder: string): Promise<EvidenceCopy> {
  const archive = new Map<string, string>()
  const log = new Map<string, string>()
  for await (const path of filesIn(folder)) {
    const archived = ARCHIVE.exec(path)?.[1]
    const logged = archived === undefined ? LOG.exec(path)?.[1] : undefined
    const name = archived ?? logged
    if (name === undefined) continue
    const names = archived === undefined ? log : archive
    const other = names.get(name)
    if (other !== undefined)
      throw new CopyError(`Two files for one blob: ${other} and ${path}. Take a folder with one copy.`)
    names.set(name, path)
  }
  return {
    async *archiveNames() {
      yield* [...archive.keys()].sort()
    },
    async *logNames() {
      yield* [...log.keys()].sort()
    },
    async read(name) {
      const path = archive.get(name) ?? log.get(name)
      if (path === undefined) return undefined
      const file = join(folder, path)
      try {
        // A promise for each of several system calls takes ten times what the read itself does.
        const { size } = statSync(file)
        if (size > MAX_FILE_BYTES) throw new CopyError(`${file} is larger than any blob of the archive.`)
        return readFileSync(file)
      } catch (error) {
        if (error instanceof CopyError) throw error
        throw new CopyError(`Reading ${file}: ${(error as NodeJS.ErrnoException).code ?? 'failed'}.`)
      }
    },
  }
}
