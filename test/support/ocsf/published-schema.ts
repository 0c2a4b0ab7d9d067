import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

interface Written {
  readonly name?: string
  readonly uid?: number
  readonly category?: string
  readonly extends?: string
  readonly meta?: string
  readonly attributes?: Readonly<Record<string, WrittenAttribute>>
  readonly includes?: readonly string[]
  readonly constraints?: Readonly<Record<string, readonly string[]>>
}
interface WrittenAttribute {
  readonly type?: string
  readonly is_array?: boolean
  readonly requirement?: string
  readonly profile?: string | null
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>
  readonly sibling?: string
  readonly '@deprecated'?: object
  readonly [other: string]: unknown
}

/** An attribute as a class or object has it. */
export interface Attribute {
  readonly isArray: boolean
  readonly isRequired: boolean
  readonly isDeprecated: boolean
  /** Only with this profile. */
  readonly profile: string | undefined
  /** Captions by value. */
  readonly captions: ReadonlyMap<string, string>
  /** Holds the caption. */
  readonly sibling: string | undefined
  readonly base: 'string' | 'integer' | 'number' | 'boolean' | 'object' | 'any'
  readonly pattern: RegExp | undefined
  /** Name of an object with attributes of its own. */
  readonly object: string | undefined
}

/** A class or object. */
export interface Definition {
  readonly attributes: ReadonlyMap<string, Attribute>
  readonly atLeastOne: readonly string[]
}

const BASES: Readonly<Record<string, Attribute['base']>> = {
  string_t: 'string',
  integer_t: 'integer',
  long_t: 'integer',
  timestamp_t: 'integer',
  port_t: 'integer',
  float_t: 'number',
  boolean_t: 'boolean',
  json_t: 'any',
}
/** Enumerations that the schema's own compiler fills in. */
const COMPILED: readonly string[] = ['category_uid', 'class_uid', 'type_uid']
const OBSERVABLE = 'observable'

const parse = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** A class, object or profile; `$include` stands among the attributes there. */
function parseWritten(file: string): Written {
  const { attributes: { $include = [], ...attributes } = {}, ...written } = parse(file)
  return { ...written, attributes, includes: $include }
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
}

/** A checkout of the published schema, https://github.com/ocsf/ocsf-schema. */
export class PublishedSchema {
  readonly version: string
  readonly #folder: string
  readonly #dictionary: Written & {
    readonly types: { readonly attributes: Record<string, WrittenAttribute> }
  }
  readonly #categories: Readonly<Record<string, { readonly uid: number }>>
  readonly #objects: ReadonlyMap<string, Written>
  readonly #classes: ReadonlyMap<string, Written>
  readonly #known = new Map<string, Definition>()

  constructor(folder: string) {
    const named = (part: string) =>
      new Map(
        filesUnder(join(folder, part)).map((file): [string, Written] => {
          const written = parseWritten(file)
          return [written.name ?? basename(file, '.json'), written]
        }),
      )
    this.#folder = folder
    this.version = parse(join(folder, 'version.json')).version
    this.#dictionary = parse(join(folder, 'dictionary.json'))
    this.#categories = parse(join(folder, 'categories.json')).attributes
    this.#objects = named('objects')
    this.#classes = named('events')
  }

  object(name: string): Definition {
    return this.#definition(`object ${name}`, this.#objects, name)
  }

  /** The class with this number, category included. */
  class(uid: number): Definition | undefined {
    for (const name of this.#classes.keys())
      if (this.#uidOf(name) === uid) return this.#definition(`class ${name}`, this.#classes, name)
    return undefined
  }

  #uidOf(name: string): number | undefined {
    if (name === 'base_event') return 0
    const [{ uid } = {}] = this.#ancestry(this.#classes, name)
    const category = this.#ancestry(this.#classes, name).find((one) => one.category !== undefined)?.category
    const { uid: of } = this.#categories[category ?? ''] ?? {}
    return uid === undefined || of === undefined ? undefined : of * 1000 + uid
  }

  /** A definition and what it extends, the nearest first. */
  #ancestry(set: ReadonlyMap<string, Written>, name: string): readonly Written[] {
    const written = set.get(name)
    if (written === undefined) throw new Error(`The schema has no ${name}.`)
    return [written, ...(written.extends === undefined ? [] : this.#ancestry(set, written.extends))]
  }

  #definition(key: string, set: ReadonlyMap<string, Written>, name: string): Definition {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const attributes: Record<string, WrittenAttribute> = {}
    const chain = this.#ancestry(set, name).toReversed()
    for (const { attributes: own = {}, includes = [] } of chain) {
      for (const path of includes) this.#include(attributes, path)
      for (const [attribute, value] of Object.entries(own))
        attributes[attribute] = merged(attributes[attribute], value)
    }
    const definition = {
      attributes: new Map(
        Object.entries(attributes).map(([attribute, value]) => [
          attribute,
          this.#attribute(name, attribute, value),
        ]),
      ),
      atLeastOne: chain.flatMap(({ constraints }) => constraints?.['at_least_one'] ?? []),
    }
    this.#known.set(key, definition)
    return definition
  }

  #include(attributes: Record<string, WrittenAttribute>, path: string): void {
    const file = [join(this.#folder, path), join(this.#folder, 'includes', path)].find((one) =>
      existsSync(one),
    )
    if (file === undefined) throw new Error(`The schema has no ${path}.`)
    const { attributes: included = {}, meta, name } = parseWritten(file)
    const profile = meta === 'profile' ? { profile: name } : {}
    for (const [attribute, value] of Object.entries(included))
      attributes[attribute] = merged(attributes[attribute], { ...value, ...profile } as WrittenAttribute)
  }

  #attribute(of: string, name: string, own: WrittenAttribute): Attribute {
    const general = this.#dictionary.attributes?.[name] ?? {}
    const { type = 'any', is_array = false, requirement, profile, sibling } = merged(general, own)
    const typed = this.#dictionary.types.attributes[type]
    const isCompiled = COMPILED.includes(name) || (of === OBSERVABLE && name === 'type_id')
    const captions = isCompiled ? {} : { ...general.enum, ...own.enum }
    const isObject = this.#objects.has(type) && type !== 'object'
    const regex = typed?.['regex']
    return {
      isArray: is_array,
      isRequired: requirement === 'required',
      isDeprecated: general['@deprecated'] !== undefined || own['@deprecated'] !== undefined,
      profile: profile ?? undefined,
      captions: new Map(Object.entries(captions).map(([value, { caption }]) => [value, caption])),
      sibling: isCompiled ? undefined : sibling,
      base: isObject || type === 'object' ? 'object' : (BASES[type] ?? BASES[typed?.type ?? ''] ?? 'any'),
      pattern: typeof regex === 'string' ? new RegExp(regex) : undefined,
      object: isObject ? type : undefined,
    }
  }
}

const merged = (base: WrittenAttribute | undefined, own: WrittenAttribute): WrittenAttribute => ({
  ...base,
  ...own,
  ...(base?.enum === undefined && own.enum === undefined ? {} : { enum: { ...base?.enum, ...own.enum } }),
})
