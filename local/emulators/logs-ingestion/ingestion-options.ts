import type { TableDeclaration } from '../../../shared/sinks/log-analytics/tables.ts'
import type { StoredRequest } from '../http/stored-request.ts'
import type { LocalAuthority } from '../tls/local-authority.ts'

export interface LogsIngestionOptions {
  readonly authority: LocalAuthority
  readonly tables: readonly TableDeclaration[]
  /** Immutable id of the one data collection rule there is. */
  readonly ruleId: string
  /** Whether a bearer token is good for Azure Monitor, as the managed identity endpoint says. */
  readonly isValidToken: (token: string) => boolean
  readonly nowMs: () => number
  /** Folder for what arrived: `<table>.ndjson`. */
  readonly directory?: string
  /** Most rows to remember of each table; default 10,000. */
  readonly maxRows?: number
  /** Above it the answer is 429; default: no limit. The service's own is 12,000. */
  readonly maxRequestsPerMinute?: number
  /** Default: a free one. */
  readonly port?: number
  /** Told of every request that brought events. */
  readonly onStored?: (stored: StoredRequest) => void
}
