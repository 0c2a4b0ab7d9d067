import type { Members } from './members.ts'

const KNOWN_SHAPES = 8
/** An object with more, or longer, names than any record of ours is not remembered. */
const MAX_NAMES = 96
const MAX_BYTES = 4096
const NONE: readonly number[] = []

/**
 * The names of an object's members: finds those that a name means, however they are cased. Members
 * are numbers from 0; one whose name occurs again stands for all of that name.
 */
export class ObjectShape {
  readonly names: readonly string[]
  /** The names as they are written, with quotes, one after the other. */
  readonly #written: Buffer
  readonly #lastOf: Int32Array
  readonly #byLowerCase = new Map<string, number[]>()
  readonly #found = new Map<string, readonly number[]>()
  readonly #outside = new Map<ReadonlySet<string>, readonly number[]>()

  constructor(names: readonly string[], written: Buffer) {
    this.names = names
    this.#written = written
    this.#lastOf = Int32Array.from(names.keys())
    const firstOf = new Map<string, number>()
    for (const [index, name] of names.entries()) {
      const first = firstOf.get(name)
      if (first === undefined) firstOf.set(name, index)
      else this.#lastOf[first] = index
    }
    for (const [name, index] of firstOf) {
      const lower = name.toLowerCase()
      const group = this.#byLowerCase.get(lower)
      if (group === undefined) this.#byLowerCase.set(lower, [index])
      else group.push(index)
    }
  }

  /** The members that are called so: the one in these very letters before those in others. */
  called(name: string): readonly number[] {
    const known = this.#found.get(name)
    return known ?? this.#find(name)
  }

  // Apart from `called`, which would else make room for what its closures share on every call.
  #find(name: string): readonly number[] {
    const variants = this.#byLowerCase.get(name.toLowerCase()) ?? NONE
    const exact = variants.find((member) => this.names[member] === name)
    const found = exact === undefined ? variants : [exact, ...variants.filter((member) => member !== exact)]
    this.#found.set(name, found)
    return found
  }

  /** The members whose names, in lower case, are not in a set that is always the same. */
  outside(lowerCaseNames: ReadonlySet<string>): readonly number[] {
    const known = this.#outside.get(lowerCaseNames)
    if (known !== undefined) return known
    const outside = [...this.#byLowerCase]
      .flatMap(([lower, members]) => (lowerCaseNames.has(lower) ? [] : members))
      .sort((a, b) => a - b)
    this.#outside.set(lowerCaseNames, outside)
    return outside
  }

  /** Where the value of a member is: that of the last one of its name, as in any JSON parser. */
  lastOf(member: number): number {
    return this.#lastOf[member] as number
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
    return at === written.length
  }
}

// Records of one writer have the same names in the same order: what was found out of one holds for
// the next.
const shapes: ObjectShape[] = []
let oldest = 0

function parseName(written: Buffer): string {
  return JSON.parse(written.toString())
}

/** The shape of an object. */
export function shapeOf(members: Members, bytes: Buffer): ObjectShape {
  for (const shape of shapes) if (shape.isOf(members, bytes)) return shape
  const names: Buffer[] = []
  for (let i = 0; i < members.count; i += 1)
    names.push(bytes.subarray(members.nameStart(i), members.nameEnd(i)))
  const written = Buffer.concat(names)
  const shape = new ObjectShape(names.map(parseName), written)
  if (names.length > MAX_NAMES || written.length > MAX_BYTES) return shape
  shapes[oldest] = shape
  oldest = (oldest + 1) % KNOWN_SHAPES
  return shape
}
