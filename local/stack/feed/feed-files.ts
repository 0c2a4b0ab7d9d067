import { readdir, stat } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { FeedError } from './feed-message.ts'

const FEED_EXTENSIONS = ['.json', '.ndjson', '.bin'] as const
export type FeedExtension = (typeof FEED_EXTENSIONS)[number]

/** A file to be sent, and how it is to be read. */
export interface FeedFile {
  readonly path: string
  /** For people: the given path and the rest of the way, with forward slashes. */
  readonly name: string
  readonly extension: FeedExtension
  readonly bytes: number
}

/**
 * The files of a feed. A folder yields its files with known extensions, at any depth, sorted by
 * name (code units), so that the same folder is always the same feed; a file named directly must
 * have one.
 * @throws FeedError if the path cannot be read, or names a file of another kind
 */
export async function feedFiles(path: string): Promise<readonly FeedFile[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new FeedError(`Reading the feed ${path}: the file or folder was not found or is not readable.`, {
      cause,
    })
  })
  if (!found.isDirectory()) {
    const extension = extensionOf(path)
    if (extension === undefined)
      throw new FeedError(
        `Reading the feed ${path}: expected a folder or a file that ends in ${FEED_EXTENSIONS.join(', ')}.`,
      )
    return [{ path, name: path, extension, bytes: found.size }]
  }
  const names = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
  const files: FeedFile[] = []
  for (const name of names) {
    const extension = extensionOf(name)
    if (extension === undefined) continue
    const full = join(path, name)
    files.push({ path: full, name: `${path}/${name}`, extension, bytes: (await stat(full)).size })
  }
  return files
}

const extensionOf = (name: string): FeedExtension | undefined =>
  FEED_EXTENSIONS.find((extension) => extension === extname(name).toLowerCase())
