const KNOWN_SHAPES = 8
/** An object with more, or longer, names than any record of ours is not remembered. */
const MAX_NAMES = 96
const MAX_LETTERS = 4096
const NONE: readonly string[] = []

const lettersIn = (names: readonly string[]): number => names.reduce((sum, name) => sum + name.length, 0)

function byLowerCase(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const lower = name.toLowerCase()
    const group = groups.get(lower)
    if (group === undefined) groups.set(lower, [name])
    else group.push(name)
  }
  return groups
}

/** The names of an object's members: finds those that a name means, however they are cased. */
export class ObjectShape {
  readonly names: readonly string[]
  readonly #found = new Map<string, readonly string[]>()
  readonly #outside = new Map<ReadonlySet<string>, readonly string[]>()
  #byLowerCase: ReadonlyMap<string, readonly string[]> | undefined

  constructor(names: readonly string[]) {
    this.names = names
  }

  /** The members that are called so: the one in these very letters before those in others. */
  called(name: string): readonly string[] {
    const known = this.#found.get(name)
    if (known !== undefined) return known
    this.#byLowerCase ??= byLowerCase(this.names)
    const variants = this.#byLowerCase.get(name.toLowerCase()) ?? NONE
    const found = variants.includes(name) ? [name, ...variants.filter((n) => n !== name)] : variants
    this.#found.set(name, found)
    return found
  }

  /** The members whose names, in lower case, are not in a set that is always the same. */
  outside(lowerCaseNames: ReadonlySet<string>): readonly string[] {
    const known = this.#outside.get(lowerCaseNames)
    if (known !== undefined) return known
    const outside = this.names.filter((name) => !lowerCaseNames.has(name.toLowerCase()))
    this.#outside.set(lowerCaseNames, outside)
    return outside
  }

  has(names: readonly string[]): boolean {
    if (names.length !== this.names.length) return false
    for (let i = 0; i < names.length; i += 1) if (names[i] !== this.names[i]) return false
    return true
  }
}

// Records of one writer have the same names in the same order: what was found out of one holds for
// the next.
const shapes: ObjectShape[] = []
let oldest = 0

/** The shape of an object. */
export function shapeOf(object: object): ObjectShape {
  const names = Object.keys(object)
  for (const shape of shapes) if (shape.has(names)) return shape
  const shape = new ObjectShape(names)
  if (names.length > MAX_NAMES || lettersIn(names) > MAX_LETTERS) return shape
  shapes[oldest] = shape
  oldest = (oldest + 1) % KNOWN_SHAPES
  return shape
}
