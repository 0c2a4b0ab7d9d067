import { gunzipSync, gzipSync } from 'node:zlib'
import type { Prng } from '../../../local/checks/chaos/prng.ts'
import { bundleBytes, parseBundle } from '../../../shared/evidence/tiles.ts'
import { flip } from './edit-files.ts'
import type { Files } from './sealed-copy.ts'

/** Changes files, and tells how; `undefined` if it found nothing to change. */
type Mutation = (files: Files, chance: Prng) => string | undefined

const pick = <T>(chance: Prng, list: readonly T[]): T => list[chance.below(list.length)] as T
const namesIn = (files: Files): readonly string[] => [...files.keys()].sort()
const contentOf = (files: Files, name: string): Buffer => files.get(name) as Buffer

/** What a name is of: tiles of one level, commits, checkpoints, archive blobs… */
const kindOf = (name: string): string => name.replace(/\d[\dx/.p]*(?=$|\.|-)/g, '#').replace(/\d+/g, '#')

function oneMore(digits: string): string {
  return String(Number(digits) + 1).padStart(digits.length, '0')
}

/** Another name that a file of this kind may have; `undefined` if there is only one. */
function otherName(name: string, chance: Prng): string | undefined {
  const numbers = [...name.matchAll(/\d+/g)]
  if (numbers.length === 0) return undefined
  const number = pick(chance, numbers)
  return `${name.slice(0, number.index)}${oneMore(number[0])}${name.slice(number.index + number[0].length)}`
}

function swappedAt<T>(items: readonly T[], chance: Prng): readonly T[] {
  const at = chance.below(items.length - 1)
  return items.map((item, i) => (i === at ? items[at + 1] : i === at + 1 ? items[at] : item) as T)
}

const joined = (parts: readonly Buffer[]): Buffer => Buffer.concat(parts)

/** The parts of a file that may stand in another order, and how they are put together again. */
function partsOf(name: string, content: Buffer): [readonly Buffer[], (parts: readonly Buffer[]) => Buffer] {
  const lines = (text: Buffer) =>
    text
      .toString('latin1')
      .split(/(?<=\n)/)
      .map((line) => Buffer.from(line, 'latin1'))
  if (name.startsWith('archive/')) {
    try {
      return [lines(gunzipSync(content)), (parts) => gzipSync(Buffer.concat(parts))]
    } catch {
      return [[], () => content]
    }
  }
  if (name.includes('tile/entries/')) return [parseBundle(content) ?? [], bundleBytes]
  if (name.includes('tile/')) {
    const hashes = Array.from({ length: Math.floor(content.length / 32) }, (_, at) =>
      content.subarray(32 * at, 32 * at + 32),
    )
    return [hashes, joined]
  }
  return [lines(content), joined]
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  flip(files, chance) {
    const name = pick(chance, namesIn(files))
    const content = contentOf(files, name)
    if (content.length === 0) return undefined
    const at = chance.below(content.length)
    files.set(name, flip(at)(content))
    return `byte ${at} of ${name}`
  },
  delete(files, chance) {
    const name = pick(chance, namesIn(files))
    files.delete(name)
    return name
  },
  swap(files, chance) {
    const [one, other] = [pick(chance, namesIn(files)), pick(chance, namesIn(files))]
    const content = contentOf(files, one)
    files.set(one, contentOf(files, other))
    files.set(other, content)
    return `${one} and ${other}`
  },
  truncate(files, chance) {
    const name = pick(chance, namesIn(files))
    const content = contentOf(files, name)
    if (content.length === 0) return undefined
    const length = chance.below(content.length)
    files.set(name, content.subarray(0, length))
    return `${name} to ${length} bytes`
  },
  append(files, chance) {
    const name = pick(chance, namesIn(files))
    const more = pick(chance, [Buffer.of(chance.below(256)), Buffer.from('\n'), contentOf(files, name)])
    files.set(name, Buffer.concat([contentOf(files, name), more]))
    return `${more.length} bytes to ${name}`
  },
  /** A file that is right elsewhere in place of another of its kind: an older tile, commit, head. */
  replay(files, chance) {
    const name = pick(chance, namesIn(files))
    const isHead = /\/checkpoints?(?:\/|$)/.test(name)
    const others = namesIn(files).filter((one) =>
      isHead ? /\/checkpoints?(?:\/|$)/.test(one) : kindOf(one) === kindOf(name),
    )
    const other = pick(chance, others)
    files.set(name, contentOf(files, other))
    return `${other} as ${name}`
  },
  /** A copy under a name that no file has yet. */
  copy(files, chance) {
    const name = pick(chance, namesIn(files))
    const other = otherName(name, chance)
    if (other === undefined || files.has(other)) return undefined
    files.set(other, contentOf(files, name))
    return `${name} as ${other}`
  },
  rename(files, chance) {
    const name = pick(chance, namesIn(files))
    const other = otherName(name, chance)
    if (other === undefined) return undefined
    files.set(other, contentOf(files, name))
    files.delete(name)
    return `${name} to ${other}`
  },
  reorder(files, chance) {
    const name = pick(chance, namesIn(files))
    const [parts, put] = partsOf(name, contentOf(files, name))
    if (parts.length < 2) return undefined
    files.set(name, put(swappedAt(parts, chance)))
    return `parts of ${name}`
  },
}

/** Changes one to three files at random, and tells how. */
export function mutate(files: Files, chance: Prng): string {
  const words: string[] = []
  for (let left = 1 + (chance.chance(0.2) ? chance.below(3) : 0); left > 0 && files.size > 0; ) {
    const [name, mutation] = pick(chance, Object.entries(MUTATIONS))
    const what = mutation(files, chance)
    if (what === undefined) continue
    words.push(`${name}: ${what}`)
    left -= 1
  }
  return words.join('; ')
}

/**
 * Copies of what other files prove, which may go: keys beside the log, and partial tiles of former
 * sizes.
 */
const MAY_GO = /^evidence\/(?:keys\/|tile\/.*\.p\/)/

/** Whether files say anything else than before. */
export function isFactChanged(before: Files, after: Files): boolean {
  for (const [name, content] of after) if (before.get(name)?.equals(content) !== true) return true
  return [...before.keys()].some((name) => !after.has(name) && !MAY_GO.test(name))
}
