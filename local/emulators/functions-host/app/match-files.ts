import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const MAX_FILES = 10_000

/**
 * The files below a folder that match a glob, sorted, as paths relative to the folder with `/`.
 * Understood are `*` (within a folder), `**` (any folders) and `{a,b}`: what `main` of a Functions
 * app is written in. `node_modules` is not entered.
 */
export async function matchFiles(directory: string, glob: string): Promise<readonly string[]> {
  const pattern = globPattern(glob.replace(/^\.\//, ''))
  const found: string[] = []
  const folders = [directory]
  let seen = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (++seen > MAX_FILES)
        throw new Error(`${directory} holds more than ${MAX_FILES} files; is it the app's folder?`)
      const path = join(folder, entry.name)
      const name = relative(directory, path).split(sep).join('/')
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && mayLeadTo(glob, name)) folders.push(path)
      } else if (pattern.test(name)) found.push(name)
    }
  }
  return found.sort()
}

function globPattern(glob: string): RegExp {
  let depth = 0
  const source = glob.replace(/\*\*\/|\*\*|\*|[{},]|[.+^$()|[\]\\?]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:[^/]+/)*'
      case '**':
        return '.*'
      case '*':
        return '[^/]*'
      case '{':
        depth++
        return '(?:'
      case '}':
        depth--
        return ')'
      case ',':
        return depth > 0 ? '|' : ','
      default:
        return `\\${token}`
    }
  })
  return new RegExp(`^${source}$`)
}

/**
 * Whether a folder lies on the literal way to the pattern, so that an app's folder is not searched
 * as a whole.
 */
function mayLeadTo(glob: string, folder: string): boolean {
  const literal = glob.replace(/^\.\//, '').split(/[*{]/)[0] ?? ''
  return `${folder}/`.startsWith(literal) || literal.startsWith(`${folder}/`)
}
