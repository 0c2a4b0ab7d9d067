import { readdir, readFile } from 'node:fs/promises'
import { sha256Hex } from '../encoding/digest.ts'

/** Where this program was loaded from; two folders down, as a source and in the package alike. */
const LOADED_FROM = new URL('../../', import.meta.url)

const BUILT = ['dist/chunks/', 'dist/functions/'] as const
const READ_BY_HOST = ['host.json', 'package.json'] as const

/**
 * SHA-256 of the program's list of files, 64 hex digits: a line `<SHA-256>  <path>` each, as
 * `sha256sum` prints them. `infra/package-app.mjs` publishes the same list.
 * @param root folder that holds the unpacked package
 */
export async function programSha256(root: URL = LOADED_FROM): Promise<string> {
  const built = await Promise.all(
    BUILT.map(async (folder) => (await readdir(new URL(folder, root))).map((file) => folder + file)),
  )
  const paths = [...built.flat().filter((path) => path.endsWith('.js')), ...READ_BY_HOST].sort()
  const lines = await Promise.all(
    paths.map(async (path) => `${sha256Hex(await readFile(new URL(path, root)))}  ${path}\n`),
  )
  return sha256Hex(lines.join(''))
}
