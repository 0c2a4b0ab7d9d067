import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder from which a built app can be loaded, and its cleanup. */
export interface AppFolder {
  readonly directory: string
  readonly remove: () => Promise<void>
}

const loadedBefore = new Set<string>()

/**
 * The folder to load an app from. Node never unloads a module, nor the chunks it shares: a second
 * host in the same process gets a copy of the built files, and with it a fresh app. `files` are
 * relative to `directory`, in folders below it; these are copied.
 */
export async function freshAppFolder(directory: string, files: readonly string[]): Promise<AppFolder> {
  if (!loadedBefore.has(directory)) {
    loadedBefore.add(directory)
    return { directory, remove: async () => undefined }
  }
  const copy = await mkdtemp(join(tmpdir(), 'function-app-'))
  const folders = new Set(files.map(topFolder))
  for (const name of [...folders, 'package.json'])
    await cp(join(directory, name), join(copy, name), { recursive: true })
  const modules = await nearestModules(directory)
  if (modules !== undefined) await symlink(modules, join(copy, 'node_modules'), 'dir')
  return { directory: copy, remove: () => rm(copy, { recursive: true, force: true }) }
}

function topFolder(file: string): string {
  const [folder, rest] = file.split('/', 2)
  if (folder === undefined || rest === undefined) {
    throw new Error(`The built file ${file} must be in a folder below the app's, such as dist/.`)
  }
  return folder
}

async function nearestModules(directory: string): Promise<string | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const names = await readdir(folder)
    if (names.includes('node_modules')) return join(folder, 'node_modules')
    if (folder === dirname(folder)) return undefined
  }
}
