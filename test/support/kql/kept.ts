import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where what costs seconds to find out is kept from one run of tests to the next. */
const FOLDER = 'node_modules/.cache/kql'

/** Whatever decides what is found out of a text. */
const SOURCES = [
  'node_modules/@kusto/language-service-next/package.json',
  ...['analyse', 'fast-bridge', 'kept', 'language', 'syntax', 'run/syntax'].map(
    (name) => `test/support/kql/${name}.ts`,
  ),
]

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const version = digestOf(SOURCES.map((path) => readFileSync(path, 'utf8')).join('\n'))
const known = new Map<string, unknown>()

const parseKept = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T

/** Written under another name first: two processes may write it at a time, and one read it. */
const write = (file: string, found: unknown): void => {
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(found))
  renameSync(`${file}.${process.pid}`, file)
}

/**
 * What was found out of a text, as data, in this process or an earlier one.
 * `of` tells apart kinds of finding, and worlds in which a text means something else.
 */
export const kept = <T>(of: string, text: string, find: (text: string) => T): T => {
  const key = digestOf(`${version} ${of} ${text}`)
  const file = join(FOLDER, `${key}.json`)
  if (!known.has(key)) {
    if (!existsSync(file)) write(file, find(text))
    known.set(key, parseKept(file))
  }
  return known.get(key) as T
}

const MOST_KEPT = 3000

/** Forgets all when there is more than a few versions of the content may have left. */
export function setup(): void {
  if (existsSync(FOLDER) && readdirSync(FOLDER).length > MOST_KEPT) rmSync(FOLDER, { recursive: true })
}
