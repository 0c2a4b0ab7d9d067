import type { IncomingMessage } from 'node:http'
import type { TableDeclaration } from '../../../shared/sinks/log-analytics/tables.ts'
import { readUnpacked, type Unread } from '../http/read-body.ts'
import type { Exchange, ReceivingService } from '../http/receiving-service.ts'
import type { Reply } from '../http/reply.ts'
import { Admission } from './admission.ts'
import { type RowCheck, rowCheck } from './check-row.ts'
import type { LogsIngestionOptions } from './ingestion-options.ts'
import { parseRows } from './parse-rows.ts'
import { RequestQuota } from './request-quota.ts'
import { RowStore } from './row-store.ts'
import {
  errorReply,
  isServiceError,
  type ServiceError,
  serviceError,
  tooManyRequests,
} from './service-error.ts'

const MAX_REFUSALS = 100
const DEFAULT_MAX_ROWS = 10_000
/** Of a request, both compressed and after gunzip. */
const MAX_BYTES = 1_048_576

const TOO_LARGE = serviceError(
  413,
  'ContentLengthLimitExceeded',
  `Maximum allowed content length: ${MAX_BYTES} bytes (1 MB).`,
)
const UNREAD: Readonly<Record<Unread, ServiceError>> = {
  tooLarge: TOO_LARGE,
  unpacksTooLarge: TOO_LARGE,
  notGzip: serviceError(400, 'InvalidContentEncoding', 'The body is not gzip.'),
  encodingUnknown: serviceError(415, 'UnsupportedMediaType', 'The content encoding is not supported.'),
}

/** Handles a request once it has been read: authorizes, checks, stores, counts. */
export class IngestionService implements ReceivingService<Buffer | ServiceError> {
  readonly store: RowStore
  readonly refusals: string[] = []
  readonly #options: LogsIngestionOptions
  readonly #admission: Admission
  readonly #quota: RequestQuota
  readonly #checks: ReadonlyMap<string, RowCheck>

  constructor(options: LogsIngestionOptions) {
    const { directory, maxRows = DEFAULT_MAX_ROWS, maxRequestsPerMinute, nowMs, tables } = options
    this.#options = options
    this.#admission = new Admission(options)
    this.#quota = new RequestQuota(maxRequestsPerMinute ?? Number.POSITIVE_INFINITY, nowMs)
    this.#checks = new Map(tables.map((table) => [table.name, rowCheck(table)]))
    this.store = new RowStore({ directory, maxRows })
  }

  isDelivery(): boolean {
    return true
  }

  page(): undefined {
    return undefined
  }

  async read(request: IncomingMessage): Promise<Buffer | ServiceError> {
    const payload = await readUnpacked(request, MAX_BYTES, MAX_BYTES)
    return Buffer.isBuffer(payload) ? payload : UNREAD[payload]
  }

  /**
   * Stores all rows of a request or none.
   * @param payload after gunzip, or why there is none
   */
  async handle(exchange: Exchange, payload: Buffer | ServiceError): Promise<Reply> {
    const table = this.#admission.admit(exchange)
    if (isServiceError(table)) return this.refused(errorReply(table))
    const waitSeconds = this.#quota.take()
    if (waitSeconds > 0) return this.refused(tooManyRequests(waitSeconds))
    return isServiceError(payload) ? this.refused(errorReply(payload)) : this.#store(table, payload, exchange)
  }

  refused(reply: Reply): Reply {
    this.refusals.push(`${reply.status} ${reply.reason ?? ''}`.trim())
    if (this.refusals.length > MAX_REFUSALS) this.refusals.shift()
    return reply
  }

  async #store(table: TableDeclaration, payload: Buffer, { headers, answered }: Exchange): Promise<Reply> {
    const rows = parseRows(payload)
    if (isServiceError(rows)) return this.refused(errorReply(rows))
    const check = this.#checks.get(table.name)
    for (const row of rows) {
      const problem = check?.(row)
      if (problem !== undefined) return this.refused(errorReply(serviceError(400, 'InvalidPayload', problem)))
    }
    const eventIds = await this.store.add(table.name, rows)
    if (eventIds.length > 0)
      this.#options.onStored?.({
        requestId: String(headers['x-ms-client-request-id'] ?? ''),
        eventIds,
        events: rows,
        atMs: this.#options.nowMs(),
        answered,
      })
    return { status: 204 }
  }
}
