import { parseText } from '../encoding/written-json.ts'
import type { Members } from './members.ts'

const KNOWN_SHAPES = 8
/** Objects with more names, or more bytes of names, are not cached. */
const MAX_NAMES = 96
const MAX_BYTES = 4096
const NONE: readonly number[] = []

/** In place of a member: none, or more than one, has a name of a group. */
export const ABSENT = -1
export const SEVERAL = -2

/** Names of one field. */
interface Names {
  readonly names: readonly string[]
}

/**
 * The names of an object's members, with case-insensitive lookup. Members are indices from 0; of a
 * repeated name, the last is used, as in any JSON parser.
 */
export class ObjectShape {
  readonly names: readonly string[]
  /** The names as written, with quotes, concatenated. */
  readonly #written: Buffer
  readonly #byLowerCase = new Map<string, number[]>()
  readonly #found = new Map<string, readonly number[]>()
  readonly #only = new Map<readonly Names[], Int32Array>()
  readonly #outside = new Map<ReadonlySet<string>, readonly number[]>()

  constructor(names: readonly string[], written: Buffer) {
    this.names = names
    this.#written = written
    for (const [name, index] of new Map(names.map((name, index) => [name, index]))) {
      const lower = name.toLowerCase()
      const group = this.#byLowerCase.get(lower)
      if (group === undefined) this.#byLowerCase.set(lower, [index])
      else group.push(index)
    }
  }

  /** The members with this name in any case, the exact match first. */
  called(name: string): readonly number[] {
    const known = this.#found.get(name)
    return known ?? this.#find(name)
  }

  // Not in `called`, which would then allocate for its closures on every call.
  #find(name: string): readonly number[] {
    const variants = this.#byLowerCase.get(name.toLowerCase()) ?? NONE
    const exact = variants.filter((member) => this.names[member] === name)
    const found = [...exact, ...variants.filter((member) => this.names[member] !== name)]
    this.#found.set(name, found)
    return found
  }

  /** For each group the one member with a name of it in any case; cached by the list's identity. */
  onlyMembers(groups: readonly Names[]): Int32Array {
    const known = this.#only.get(groups)
    return known ?? this.#findOnly(groups)
  }

  #findOnly(groups: readonly Names[]): Int32Array {
    const only = Int32Array.from(groups, ({ names }) => {
      const [first, second] = names.flatMap((name) => this.called(name))
      return second === undefined ? (first ?? ABSENT) : SEVERAL
    })
    this.#only.set(groups, only)
    return only
  }

  /** The members whose lower-case names are not in the set; cached by the set's identity. */
  outside(lowerCaseNames: ReadonlySet<string>): readonly number[] {
    const known = this.#outside.get(lowerCaseNames)
    if (known !== undefined) return known
    const outside = [...this.#byLowerCase]
      .flatMap(([lower, members]) => (lowerCaseNames.has(lower) ? [] : members))
      .sort((a, b) => a - b)
    this.#outside.set(lowerCaseNames, outside)
    return outside
  }

  isOf(members: Members, bytes: Buffer): boolean {
    const { count } = members
    if (count !== this.names.length) return false
    const written = this.#written
    let at = 0
    for (let i = 0; i < count; i += 1) {
      const end = members.nameEnd(i)
      for (let k = members.nameStart(i); k < end; k += 1) if (bytes[k] !== written[at++]) return false
    }
    return true
  }
}

// Records of one writer have the same names in the same order, so shapes are cached.
const shapes: ObjectShape[] = []
let oldest = 0

/** The shape of an object, from the cache if possible. */
export function shapeOf(members: Members, bytes: Buffer): ObjectShape {
  for (const shape of shapes) if (shape.isOf(members, bytes)) return shape
  const names: Buffer[] = []
  for (let i = 0; i < members.count; i += 1)
    names.push(bytes.subarray(members.nameStart(i), members.nameEnd(i)))
  const written = Buffer.concat(names)
  const shape = new ObjectShape(
    names.map((name) => parseText(name.toString())),
    written,
  )
  if (names.length > MAX_NAMES || written.length > MAX_BYTES) return shape
  shapes[oldest] = shape
  oldest = (oldest + 1) % KNOWN_SHAPES
  return shape
}
