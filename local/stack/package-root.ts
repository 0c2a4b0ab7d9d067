import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The nearest folder at or above `start` with a `package.json`, or `undefined` if there is none.
 */
export function packageRoot(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

/**
 * A file or folder read from the checkout, built or not: nothing is copied into `dist`.
 * @param path relative to the package's root
 */
export function checkoutPath(path: string): string {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)))
  if (root === undefined)
    throw new Error(`Finding ${path}: no package.json above the program. Run it from a checkout.`)
  return join(root, path)
}
