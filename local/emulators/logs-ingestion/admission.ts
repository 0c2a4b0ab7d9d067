import type { TableDeclaration } from '../../../shared/sinks/log-analytics/tables.ts'
import type { RequestHead } from '../http/receiving-service.ts'
import type { LogsIngestionOptions } from './ingestion-options.ts'
import { type ServiceError, serviceError } from './service-error.ts'

const API_VERSION = '2023-01-01'

/** Checks before the payload: token, rule, stream, content type. */
export class Admission {
  readonly #options: LogsIngestionOptions
  readonly #tables: ReadonlyMap<string, TableDeclaration>

  constructor(options: LogsIngestionOptions) {
    this.#options = options
    this.#tables = new Map(options.tables.map((table) => [table.stream, table]))
  }

  /** The table of a request, or why it is refused. */
  admit({ method, url, headers }: RequestHead): TableDeclaration | ServiceError {
    const { pathname, searchParams } = new URL(url, 'https://localhost')
    const [, rule, stream] = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/.exec(pathname) ?? []
    if (rule === undefined || stream === undefined) return serviceError(404, 'NotFound', 'No such page.')
    if (method !== 'POST') return serviceError(405, 'MethodNotAllowed', 'Rows are sent by POST.')
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
    if (!this.#options.isValidToken(token)) {
      return serviceError(401, 'InvalidToken', 'The token is missing, expired, or not for Azure Monitor.')
    }
    if (rule !== this.#options.ruleId) {
      return serviceError(404, 'NotFound', `Data collection rule with immutable Id '${rule}' not found.`)
    }
    if (searchParams.get('api-version') !== API_VERSION) {
      return serviceError(400, 'UnsupportedApiVersion', `api-version must be ${API_VERSION}.`)
    }
    if (headers['content-type']?.split(';')[0] !== 'application/json') {
      return serviceError(415, 'UnsupportedMediaType', 'The content type must be application/json.')
    }
    return (
      this.#tables.get(decodeURIComponent(stream)) ??
      serviceError(400, 'InvalidStream', 'The data collection rule does not declare the stream.')
    )
  }
}
