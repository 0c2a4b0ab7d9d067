import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../json.ts'

/** Distinct event ids; about 150 bytes each. */
const MAX_EVENT_IDS = 5_000_000

export interface RowStoreOptions {
  /** Folder for `<table>.ndjson`, created if missing. */
  readonly directory: string | undefined
  /** Rows kept in memory per table; all are counted and written. */
  readonly maxRows: number
}

/** Stored rows per table, in order of arrival, and how often each event was stored. */
export class RowStore {
  readonly #options: RowStoreOptions
  readonly #latest = new Map<string, JsonObject[]>()
  readonly #counts = new Map<string, number>()
  readonly #eventIds = new Map<string, number>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(options: RowStoreOptions) {
    this.#options = options
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts
  }

  get eventIds(): ReadonlyMap<string, number> {
    return this.#eventIds
  }

  /** The latest rows of a table. */
  latest(table: string): readonly JsonObject[] {
    return this.#latest.get(table) ?? []
  }

  /**
   * Stores all rows of a request or none.
   * @returns their event ids
   */
  async add(table: string, rows: readonly JsonObject[]): Promise<readonly string[]> {
    if (this.#eventIds.size > MAX_EVENT_IDS)
      throw new Error('Too many distinct events to count them one by one.')
    await this.#write(table, rows)
    const latest = this.#latest.get(table) ?? []
    latest.push(...rows)
    if (latest.length > this.#options.maxRows) latest.splice(0, latest.length - this.#options.maxRows)
    this.#latest.set(table, latest)
    this.#counts.set(table, (this.#counts.get(table) ?? 0) + rows.length)
    const ids = rows.map(({ EventId }) => EventId).filter((id) => typeof id === 'string')
    for (const id of ids) this.#eventIds.set(id, (this.#eventIds.get(id) ?? 0) + 1)
    return ids
  }

  /** One write at a time, so that requests do not interleave in a file. */
  #write(table: string, rows: readonly JsonObject[]): Promise<unknown> {
    const { directory } = this.#options
    if (directory === undefined || rows.length === 0) return Promise.resolve()
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    const written = this.#writing.then(async () => {
      await mkdir(directory, { recursive: true })
      await appendFile(join(directory, `${table}.ndjson`), text)
    })
    this.#writing = written.catch(() => undefined)
    return written
  }
}
