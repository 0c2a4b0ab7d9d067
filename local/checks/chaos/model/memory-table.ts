import { RestError } from '@azure/core-rest-pipeline'
import type { TableClient, TransactionAction } from '@azure/data-tables'
import { weakMemo } from '../../../../shared/encoding/weak-memo.ts'

type Properties = Readonly<Record<string, unknown>>
type Keys = { readonly partitionKey: string; readonly rowKey: string }
type Entity = Properties & Keys

/** A property with its type, as the service keeps it. */
interface Typed {
  readonly type: string
  readonly value: string
}

interface Stored extends Keys {
  readonly properties: ReadonlyMap<string, Typed>
  readonly etag: string
  readonly timestamp: string
}

const KEYS: ReadonlySet<string> = new Set(['partitionKey', 'rowKey', 'etag', 'timestamp'])
const CONDITION = /^(PartitionKey|RowKey) (eq|gt|ge|lt|le) '((?:[^']|'')*)'$/
const MAX_PAGE = 1000

const refused = (statusCode: number, code: string): RestError => new RestError(code, { statusCode, code })

function typed(value: unknown): Typed {
  if (typeof value === 'object' && value !== null) return value as Typed
  const type = typeof value === 'string' ? 'String' : typeof value === 'boolean' ? 'Boolean' : 'Double'
  return { type: Number.isSafeInteger(value) ? 'Int32' : type, value: String(value) }
}

/** As the SDK does it, which throws on an Int64 that is none. */
function converted({ type, value }: Typed): unknown {
  if (type === 'Int64') return BigInt(value)
  if (type === 'Int32' || type === 'Double') return Number(value)
  return type === 'Boolean' ? value === 'true' : value
}

const shownBy = (show: (typed: Typed) => unknown) =>
  weakMemo(({ partitionKey, rowKey, etag, timestamp, properties }: Stored) =>
    Object.freeze({
      ...Object.fromEntries([...properties].map(([name, typed]) => [name, show(typed)])),
      partitionKey,
      rowKey,
      etag,
      timestamp,
    }),
  )
/** An outage has thousands of rows listed again and again. */
const shownAsStored = shownBy((typed) => typed)
const shownConverted = shownBy(converted)

const shown = (stored: Stored, asStored: boolean | undefined) =>
  asStored === true ? shownAsStored(stored) : shownConverted(stored)

/** What a query asks for. */
interface Query {
  readonly isAsked: (keys: Keys) => boolean
  /** Nothing that is asked for comes before it. */
  readonly first: Keys
  /** Whether nothing that is asked for comes at this key or later. */
  readonly isBehind: (keys: Keys) => boolean
}

/** Of OData only comparisons of the two keys, joined by `and`. */
function parseFilter(filter: string | undefined): Query {
  const texts = (filter ?? '').split(' and ').filter((text) => text !== '')
  const conditions = texts.map((text) => {
    const [, key, operator = '', quoted = ''] = CONDITION.exec(text) ?? []
    if (key === undefined) throw new Error(`The model's tables do not understand the filter ${text}.`)
    const value = quoted.replaceAll("''", "'")
    const isMet = ({ rowKey, partitionKey }: Keys): boolean => {
      const own = key === 'RowKey' ? rowKey : partitionKey
      if (own === value) return operator === 'eq' || operator === 'ge' || operator === 'le'
      return own > value ? operator === 'gt' || operator === 'ge' : operator === 'lt' || operator === 'le'
    }
    return { key, operator, value, isMet }
  })
  const isAsked = (keys: Keys): boolean => conditions.every(({ isMet }) => isMet(keys))
  const partition = conditions.find(({ key, operator }) => key === 'PartitionKey' && operator === 'eq')
  if (partition === undefined)
    return { isAsked, first: { partitionKey: '', rowKey: '' }, isBehind: () => false }
  const ofRows = conditions.filter(({ key }) => key === 'RowKey')
  const low = ofRows.find(({ operator }) => operator === 'gt' || operator === 'ge')
  const high = ofRows.filter(({ operator }) => operator === 'lt' || operator === 'le')
  return {
    isAsked,
    first: { partitionKey: partition.value, rowKey: low?.value ?? '' },
    isBehind: (keys) => !partition.isMet(keys) || !high.every(({ isMet }) => isMet(keys)),
  }
}

/**
 * A storage table in memory, to which the program's own code for tables talks as to the service.
 */
class MemoryTable {
  /** Sorted by key, as the service gives them. */
  readonly #entities: Stored[] = []
  readonly #now: () => number
  #tags = 0

  constructor(now: () => number) {
    this.#now = now
  }

  async createEntity(entity: Entity) {
    return this.#write(entity, 'create')
  }

  async updateEntity(entity: Entity, _mode: string, options: { readonly etag?: string } = {}) {
    return this.#write(entity, 'update', options.etag)
  }

  async upsertEntity(entity: Entity) {
    return this.#write(entity, 'upsert')
  }

  async deleteEntity(partitionKey: string, rowKey: string) {
    this.#entities.splice(this.#found({ partitionKey, rowKey }), 1)
  }

  async getEntity(
    partitionKey: string,
    rowKey: string,
    options?: { readonly disableTypeConversion?: boolean },
  ) {
    const entity = this.#entities[this.#found({ partitionKey, rowKey })]
    return entity && shown(entity, options?.disableTypeConversion)
  }

  /** All or nothing. */
  async submitTransaction(actions: readonly TransactionAction[]) {
    const before = [...this.#entities]
    try {
      for (const [kind, entity] of actions) {
        if (kind === 'delete') await this.deleteEntity(entity.partitionKey, entity.rowKey)
        else this.#write(entity, kind)
      }
    } catch (error) {
      this.#entities.splice(0, this.#entities.length, ...before)
      throw error
    }
  }

  listEntities(options: Parameters<TableClient['listEntities']>[0] = {}) {
    const query = parseFilter(options.queryOptions?.filter)
    const pages = (maxPageSize: number) => this.#pages(query, maxPageSize, options.disableTypeConversion)
    return {
      byPage: ({ maxPageSize = MAX_PAGE }) => pages(maxPageSize),
      async *[Symbol.asyncIterator]() {
        for await (const page of pages(MAX_PAGE)) yield* page
      },
    }
  }

  async *#pages({ isAsked, first, isBehind }: Query, maxPageSize: number, asStored: boolean | undefined) {
    let from = this.#indexOf(first)
    for (;;) {
      const page: ReturnType<typeof shown>[] = []
      let last: Stored | undefined
      for (let index = from; page.length < maxPageSize; index++) {
        const entity = this.#entities[index]
        if (entity === undefined || isBehind(entity)) break
        last = entity
        if (isAsked(entity)) page.push(shown(entity, asStored))
      }
      yield page
      if (last === undefined || page.length < maxPageSize) return
      const next = this.#indexOf(last)
      from = this.#isAt(next, last) ? next + 1 : next
    }
  }

  /** The index of an entity, or where it would go. */
  #indexOf({ partitionKey, rowKey }: Keys): number {
    let [low, high] = [0, this.#entities.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const there = this.#entities[middle]
      const isBefore =
        there !== undefined &&
        (there.partitionKey < partitionKey || (there.partitionKey === partitionKey && there.rowKey < rowKey))
      if (isBefore) low = middle + 1
      else high = middle
    }
    return low
  }

  #isAt(index: number, { partitionKey, rowKey }: Keys): boolean {
    const there = this.#entities[index]
    return there?.partitionKey === partitionKey && there.rowKey === rowKey
  }

  #found(keys: Keys): number {
    const index = this.#indexOf(keys)
    if (!this.#isAt(index, keys)) throw refused(404, 'ResourceNotFound')
    return index
  }

  #write(entity: Entity, kind: 'create' | 'update' | 'upsert', etag?: string) {
    const { partitionKey, rowKey } = entity
    const index = this.#indexOf(entity)
    const isThere = this.#isAt(index, entity)
    if (kind === 'create' && isThere) throw refused(409, 'EntityAlreadyExists')
    if (kind === 'update' && !isThere) throw refused(404, 'ResourceNotFound')
    if (etag !== undefined && this.#entities[index]?.etag !== etag)
      throw refused(412, 'UpdateConditionNotSatisfied')
    const named = Object.entries(entity).filter(([name, value]) => !KEYS.has(name) && value !== undefined)
    const stored: Stored = {
      partitionKey,
      rowKey,
      properties: new Map(named.map(([name, value]) => [name, typed(value)])),
      etag: String(++this.#tags),
      timestamp: new Date(this.#now()).toISOString(),
    }
    this.#entities.splice(index, isThere ? 1 : 0, stored)
    return { etag: stored.etag }
  }
}

/** A table without anything in it, of a storage with this clock. */
export const memoryTable = (now: () => number): TableClient => new MemoryTable(now) as unknown as TableClient
