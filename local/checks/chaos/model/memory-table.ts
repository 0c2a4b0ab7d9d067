import { RestError } from '@azure/core-rest-pipeline'
import type { TableClient, TransactionAction } from '@azure/data-tables'

type Properties = Readonly<Record<string, unknown>>
type Keys = { readonly partitionKey: string; readonly rowKey: string }
type Entity = Properties & Keys

/** A property with its type, as the service stores it. */
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

/** Like the SDK, throws on an invalid Int64. */
function converted({ type, value }: Typed): unknown {
  if (type === 'Int64') return BigInt(value)
  if (type === 'Int32' || type === 'Double') return Number(value)
  return type === 'Boolean' ? value === 'true' : value
}

const shown = (
  { partitionKey, rowKey, etag, timestamp, properties }: Stored,
  asStored: boolean | undefined,
) => ({
  ...Object.fromEntries(
    [...properties].map(([name, value]) => [name, asStored === true ? value : converted(value)]),
  ),
  partitionKey,
  rowKey,
  etag,
  timestamp,
})

/** Parses a query: only comparisons of the two keys, joined by `and`. */
function asked(filter: string | undefined): (keys: Keys) => boolean {
  const conditions = (filter ?? '').split(' and ').filter((text) => text !== '')
  const tests = conditions.map((text) => {
    const [, key, operator, quoted = ''] = CONDITION.exec(text) ?? []
    if (key === undefined) throw new Error(`The model's tables do not support the filter ${text}.`)
    const value = quoted.replaceAll("''", "'")
    return ({ rowKey, partitionKey }: Keys): boolean => {
      const own = key === 'RowKey' ? rowKey : partitionKey
      if (own === value) return operator === 'eq' || operator === 'ge' || operator === 'le'
      return own > value ? operator === 'gt' || operator === 'ge' : operator === 'lt' || operator === 'le'
    }
  })
  return (keys) => tests.every((test) => test(keys))
}

/** An in-memory storage table for the program's own table code. */
class MemoryTable {
  /** Sorted by key, as returned by the service. */
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

  /** Applies all actions or none. */
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
    const isAsked = asked(options.queryOptions?.filter)
    const outboxPartitions = (maxPageSize: number) =>
      this.#outboxPartitions(isAsked, maxPageSize, options.disableTypeConversion)
    return {
      byPage: ({ maxPageSize = MAX_PAGE }) => outboxPartitions(maxPageSize),
      async *[Symbol.asyncIterator]() {
        for await (const outboxPartition of outboxPartitions(MAX_PAGE)) yield* outboxPartition
      },
    }
  }

  async *#outboxPartitions(
    isAsked: (keys: Keys) => boolean,
    maxPageSize: number,
    asStored: boolean | undefined,
  ) {
    let after = -1
    while (after < this.#entities.length) {
      const outboxPartition: ReturnType<typeof shown>[] = []
      let last: Stored | undefined
      for (const entity of this.#entities.slice(after + 1)) {
        last = entity
        if (isAsked(entity)) outboxPartition.push(shown(entity, asStored))
        if (outboxPartition.length === maxPageSize) break
      }
      yield outboxPartition
      if (last === undefined || outboxPartition.length < maxPageSize) return
      const next = this.#place(last)
      after = this.#entities[next] === last ? next : next - 1
    }
  }

  /** The index of an entity, or where it would be inserted. */
  #place({ partitionKey, rowKey }: Keys): number {
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

  #isAt(place: number, { partitionKey, rowKey }: Keys): boolean {
    const there = this.#entities[place]
    return there?.partitionKey === partitionKey && there.rowKey === rowKey
  }

  #found(keys: Keys): number {
    const place = this.#place(keys)
    if (!this.#isAt(place, keys)) throw refused(404, 'ResourceNotFound')
    return place
  }

  #write(entity: Entity, kind: 'create' | 'update' | 'upsert', etag?: string) {
    const { partitionKey, rowKey } = entity
    const place = this.#place(entity)
    const isThere = this.#isAt(place, entity)
    if (kind === 'create' && isThere) throw refused(409, 'EntityAlreadyExists')
    if (kind === 'update' && !isThere) throw refused(404, 'ResourceNotFound')
    if (etag !== undefined && this.#entities[place]?.etag !== etag)
      throw refused(412, 'UpdateConditionNotSatisfied')
    const named = Object.entries(entity).filter(([name, value]) => !KEYS.has(name) && value !== undefined)
    const stored: Stored = {
      partitionKey,
      rowKey,
      properties: new Map(named.map(([name, value]) => [name, typed(value)])),
      etag: String(++this.#tags),
      timestamp: new Date(this.#now()).toISOString(),
    }
    this.#entities.splice(place, isThere ? 1 : 0, stored)
    return { etag: stored.etag }
  }
}

/** An empty table of a storage with this clock. */
export const memoryTable = (now: () => number): TableClient => new MemoryTable(now) as unknown as TableClient
