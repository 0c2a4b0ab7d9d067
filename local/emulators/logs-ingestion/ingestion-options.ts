import type { TableDeclaration } from '../../../shared/sinks/log-analytics/tables.ts'
import type { StoredRequest } from '../http/stored-request.ts'
import type { LocalAuthority } from '../tls/local-authority.ts'

export interface LogsIngestionOptions {
  readonly authority: LocalAuthority
  readonly tables: readonly TableDeclaration[]
  /** Immutable id of the only data collection rule. */
  readonly ruleId: string
  /**
   * Whether a bearer token is valid for Azure Monitor; decided by the managed identity endpoint.
   */
  readonly isValidToken: (token: string) => boolean
  readonly nowMs: () => number
  /** Folder for stored rows: `<table>.ndjson`. */
  readonly directory?: string
  /** Rows kept in memory per table; default 10,000. */
  readonly maxRows?: number
  /** More are answered 429; default: no limit. The service allows 12,000. */
  readonly maxRequestsPerMinute?: number
  /** Default: a free port. */
  readonly port?: number
  /** Called for every stored request that contained events. */
  readonly onStored?: (stored: StoredRequest) => void
}
