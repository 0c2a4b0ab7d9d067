import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'

const MAX_FILES = 10_000

/**
 * Files below a folder that match a glob, sorted, as relative paths with `/`. Supports what `main`
 * of a Functions app may use: `*` (within a folder), `**` (any folders) and `{a,b}`. Skips
 * `node_modules`.
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

/** Whether a folder can contain matches, so that the app's folder is not searched completely. */
function mayLeadTo(glob: string, folder: string): boolean {
  const literal = glob.replace(/^\.\//, '').split(/[*{]/)[0] ?? ''
  return `${folder}/`.startsWith(literal) || literal.startsWith(`${folder}/`)
}
