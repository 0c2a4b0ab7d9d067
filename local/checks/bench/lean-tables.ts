import { randomUUID } from 'node:crypto'

/** Entities as JSON texts, by row key. */
type Rows = Map<string, { readonly json: string; readonly etag: string }>

/** An answer of a table service. */
export interface TableAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface TableRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly ifMatch: string | undefined
  readonly body: string
}

/** `quoted` of a URL or a filter, in which a quote is doubled. */
const text = (quoted: string): string => quoted.replaceAll("''", "'")
const ENTITY = /(\w+)\(PartitionKey='((?:[^']|'')*)',RowKey='((?:[^']|'')*)'\)$/
const OF_FILTER = /(PartitionKey|RowKey) (eq|gt|ge|lt) '((?:[^']|'')*)'/g
const HOLDS = {
  eq: (key: string, than: string) => key === than,
  gt: (key: string, than: string) => key > than,
  ge: (key: string, than: string) => key >= than,
  lt: (key: string, than: string) => key < than,
} as const

const failed = (status: number, code: string): TableAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ 'odata.error': { code, message: { value: code } } }),
})

const parseKeys = (json: string): { readonly PartitionKey: string; readonly RowKey: string } =>
  JSON.parse(json)

/**
 * Tables in memory, with what the outbox asks of them: single entities, ranges of keys by pages,
 * and transactions. It does not look at properties.
 */
export class LeanTables {
  readonly #tables = new Map<string, Map<string, Rows>>()
  #writes = 0

  answer(request: TableRequest): TableAnswer {
    const { pathname, searchParams } = new URL(request.path, 'http://localhost')
    const path = decodeURIComponent(pathname)
    if (path.endsWith('/$batch')) return this.#transaction(request.body)
    const [, table, partitionKey, rowKey] = ENTITY.exec(path) ?? []
    if (table !== undefined && partitionKey !== undefined && rowKey !== undefined)
      return this.#one(request, this.#rowsOf(table, text(partitionKey)), text(rowKey))
    const [, name = ''] = /(\w+)(?:\(\))?$/.exec(path) ?? []
    return request.method === 'POST' ? this.#create(name, request.body) : this.#query(name, searchParams)
  }

  #rowsOf(table: string, partitionKey: string): Rows {
    const partitions = this.#tables.get(table) ?? new Map()
    this.#tables.set(table, partitions)
    const rows = partitions.get(partitionKey) ?? new Map()
    partitions.set(partitionKey, rows)
    return rows
  }

  #put(rows: Rows, rowKey: string, given: string): TableAnswer {
    const etag = `W/"${++this.#writes}"`
    const own = `{"odata.etag":${JSON.stringify(etag)},"Timestamp":"${new Date().toISOString()}",`
    rows.set(rowKey, { json: own + given.slice(1), etag })
    return { status: 204, headers: { etag } }
  }

  #create(table: string, body: string): TableAnswer {
    const { PartitionKey, RowKey } = parseKeys(body)
    const rows = this.#rowsOf(table, PartitionKey)
    return rows.has(RowKey) ? failed(409, 'EntityAlreadyExists') : this.#put(rows, RowKey, body)
  }

  #one({ method, ifMatch = '*', body }: TableRequest, rows: Rows, rowKey: string): TableAnswer {
    const found = rows.get(rowKey)
    if (found === undefined) return failed(404, 'ResourceNotFound')
    if (method === 'GET')
      return { status: 200, headers: { etag: found.etag, ...JSON_TYPE }, body: found.json }
    if (ifMatch !== '*' && ifMatch !== found.etag) return failed(412, 'UpdateConditionNotSatisfied')
    if (method !== 'DELETE') return this.#put(rows, rowKey, body)
    rows.delete(rowKey)
    return { status: 204 }
  }

  #query(table: string, asked: URLSearchParams): TableAnswer {
    const conditions = [...(asked.get('$filter') ?? '').matchAll(OF_FILTER)].map(
      ([, which, how, than = '']) => ({ which, holds: HOLDS[how as keyof typeof HOLDS], than: text(than) }),
    )
    const wants = (which: string, key: string): boolean =>
      conditions.every((one) => one.which !== which || one.holds(key, one.than))
    const after = [asked.get('NextPartitionKey') ?? '', asked.get('NextRowKey') ?? ''] as const
    const top = Number(asked.get('$top') ?? 1000)
    const values: string[] = []
    const partitions = [...(this.#tables.get(table) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))
    for (const [partitionKey, rows] of partitions) {
      if (!wants('PartitionKey', partitionKey) || partitionKey < after[0]) continue
      const from = partitionKey === after[0] ? after[1] : ''
      const keys = [...rows.keys()].filter((key) => key >= from && wants('RowKey', key)).sort()
      for (const key of keys) {
        if (values.length === top)
          return page(values, {
            'x-ms-continuation-nextpartitionkey': partitionKey,
            'x-ms-continuation-nextrowkey': key,
          })
        values.push(rows.get(key)?.json ?? '')
      }
    }
    return page(values, {})
  }

  /** Not atomic: what stands before a part that fails is done. */
  #transaction(body: string): TableAnswer {
    const parts = [
      ...body.matchAll(/\r?\n(POST|PUT|PATCH|DELETE) (\S+) HTTP\/1\.1([\s\S]*?)(?=\r?\n--changeset)/g),
    ]
    const boundary = `changesetresponse_${randomUUID()}`
    const answers: string[] = []
    for (const [, method = '', url = '', rest = ''] of parts) {
      const answer = this.answer({
        method,
        path: url,
        ifMatch: /if-match: (\S+)/i.exec(rest)?.[1],
        body: /\{.*\}/.exec(rest)?.[0] ?? '',
      })
      const etag = answer.headers?.['etag']
      const head = `HTTP/1.1 ${answer.status} -\r\n${etag === undefined ? '' : `ETag: ${etag}\r\n`}`
      answers.push(
        `--${boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${head}\r\n${answer.body ?? ''}\r\n`,
      )
      if (answer.status >= 400) break
    }
    return {
      status: 202,
      headers: { 'content-type': 'multipart/mixed; boundary=batchresponse' },
      body: `--batchresponse\r\nContent-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${answers.join('')}--${boundary}--\r\n--batchresponse--\r\n`,
    }
  }
}

const JSON_TYPE = { 'content-type': 'application/json;odata=minimalmetadata' }

const page = (values: readonly string[], headers: Readonly<Record<string, string>>): TableAnswer => ({
  status: 200,
  headers: { ...JSON_TYPE, ...headers },
  body: `{"value":[${values.join(',')}]}`,
})
