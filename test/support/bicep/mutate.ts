import type { Node } from 'web-tree-sitter'
import { parseSyntax } from './language.ts'

/** What a mutant breaks. */
export type MutationKind =
  | 'key'
  | 'type'
  | 'apiVersion'
  | 'symbol'
  | 'member'
  | 'literalType'
  | 'value'
  | 'deletion'

export interface Mutant {
  readonly kind: MutationKind
  readonly path: string
  readonly line: number
  readonly before: string
  readonly after: string
  readonly text: string
}

/** Random numbers from 0 to below 1; the same seed gives the same numbers (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const all = (node: Node): readonly Node[] => [
  node,
  ...node.namedChildren.flatMap((child) => (child === null ? [] : all(child))),
]

/** A slip of the finger: one dead letter doubled, dropped, or exchanged with its neighbour. */
function slip(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * Math.max(1, word.length - 2))
  const [head, deadLetter, tail] = [word.slice(0, at), word[at] ?? '', word.slice(at + 1)]
  const choices = [
    head + deadLetter + deadLetter + tail,
    head + tail,
    head + (tail[0] ?? 'x') + deadLetter + tail.slice(1),
  ]
  const chosen = choices[Math.floor(random() * choices.length)] ?? `${word}x`
  return chosen === word || chosen.length < 2 ? `${word}x` : chosen
}

const DECLARATION = /^(resource|module|variable|parameter|output|type)_declaration$/
const isName = (node: Node): boolean => node.type === 'identifier' && node.parent !== null

/** An identifier that refers to something, rather than naming it or being a key. */
function refers(node: Node): boolean {
  const parent = node.parent
  if (!isName(node) || parent === null) return false
  if (DECLARATION.test(parent.type))
    return parent.namedChildren[0]?.id !== node.id && parent.type !== 'parameter_declaration'
  if (parent.type === 'object_property') return parent.namedChildren[0]?.id !== node.id
  return !/^(metadata_declaration|import_functionality|lambda_expression|type|nullable_type|decorator)$/.test(
    parent.type,
  )
}

const stringOf = (node: Node): string => node.text.slice(1, -1)
const inResourceHead = (node: Node): boolean =>
  node.type === 'string' && node.parent?.type === 'resource_declaration'

/** Where each kind of mutant can strike, and what it makes of the place. */
const STRIKES: Readonly<
  Record<
    MutationKind,
    { readonly where: (node: Node) => boolean; readonly change: (node: Node, random: () => number) => string }
  >
> = {
  key: {
    where: (n) =>
      n.type === 'identifier' &&
      n.parent?.type === 'object_property' &&
      n.parent.namedChildren[0]?.id === n.id,
    change: (n, random) => slip(n.text, random),
  },
  type: {
    where: inResourceHead,
    change(n, random) {
      const [type = '', version = ''] = stringOf(n).split('@')
      return `'${slip(type, random)}@${version}'`
    },
  },
  apiVersion: {
    where: inResourceHead,
    change(n, random) {
      const [type = '', version = ''] = stringOf(n).split('@')
      const [year = '', ...rest] = version.split('-')
      return `'${type}@${Number(year) + (random() < 0.5 ? 1 : -1)}-${rest.join('-')}'`
    },
  },
  symbol: { where: refers, change: (n, random) => slip(n.text, random) },
  member: { where: (n) => n.type === 'property_identifier', change: (n, random) => slip(n.text, random) },
  literalType: {
    where: (n) => n.type === 'boolean' || (n.type === 'number' && n.parent?.type === 'object_property'),
    change: (n) => `'${n.text}'`,
  },
  value: {
    where: (n) =>
      n.type === 'string' && /^'\w[\w./-]{3,}'$/.test(n.text) && n.parent?.type === 'object_property',
    change: (n, random) => `'${slip(stringOf(n), random)}'`,
  },
  deletion: {
    where: (n) => n.type === 'object_property' && !n.text.includes('\n'),
    change: () => '',
  },
}

/** Makes one mutant of a file, or none where this kind finds no place. */
export function mutantOf(
  path: string,
  text: string,
  kind: MutationKind,
  random: () => number,
): Mutant | undefined {
  const { where, change } = STRIKES[kind]
  const places = all(parseSyntax(path, text)).filter(where)
  const place = places[Math.floor(random() * places.length)]
  if (place === undefined) return undefined
  const after = change(place, random)
  return {
    kind,
    path,
    line: place.startPosition.row + 1,
    before: place.text,
    after,
    text: text.slice(0, place.startIndex) + after + text.slice(place.endIndex),
  }
}
