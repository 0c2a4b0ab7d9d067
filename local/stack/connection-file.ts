import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { type LocalConnection, localConnectionPath } from '../../shared/config/local-connection.ts'
import { parseLocalConnection } from '../../shared/config/parse-local-connection.ts'

/** A connection file that stays until removed. */
export interface ConnectionFile {
  readonly path: string
  /** Removes it, unless a stack started later has replaced it. */
  remove(): Promise<void>
}

/**
 * Tells this user's commands how to reach this process's stack (`risk-export … --local`). Of
 * several stacks, the one started last is found.
 */
export async function writeConnectionFile(
  environment: Readonly<Record<string, string>>,
  folder: string = tmpdir(),
  pid: number = process.pid,
): Promise<ConnectionFile> {
  const path = localConnectionPath(folder, process.getuid?.())
  const connection: LocalConnection = { v: 1, pid, environment }
  const draft = `${path}.${pid}`
  // A new file, so that an old one's permissions do not carry over; then a rename, so that nobody
  // reads half of it.
  await rm(draft, { force: true })
  await writeFile(draft, JSON.stringify(connection), { mode: 0o600, flag: 'wx' })
  await rename(draft, path)
  return {
    path,
    async remove() {
      const text = await readFile(path, 'utf8').catch(() => '')
      if (parseLocalConnection(text)?.pid === pid) await rm(path, { force: true })
    },
  }
}
