import type { StoredRequest } from '../http/stored-request.ts'
import type { LocalAuthority } from '../tls/local-authority.ts'

/** Formats that there is a receiver for. */
export const SIEM_FORMATS = [
  'cef',
  'cloudevents',
  'elastic-bulk',
  'json',
  'ocsf',
  'otlp',
  'secops',
  'splunk-hec',
] as const
export type SiemFormat = (typeof SIEM_FORMATS)[number]

export interface SiemReceiverOptions {
  readonly authority: LocalAuthority
  /** `whsec_` and Base64; a request signed with any of them is accepted. None: any request is. */
  readonly secrets: readonly string[]
  readonly format: SiemFormat
  /** Token of `splunk-hec`, API key of `elastic-bulk`: required as their protocols have it. */
  readonly token?: string
  /** Headers that every request must have, by their names in lower case; default: none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether a bearer token is good for this receiver; default: none is asked for. */
  readonly isValidToken?: (token: string) => boolean
  /** Folder for stored requests: `<n>.body` (after gunzip) and `<n>.headers.json`. */
  readonly directory?: string
  readonly nowMs: () => number
  /** Default: a free port. */
  readonly port?: number
  /**
   * Whether to ignore a request whose `webhook-id` was stored before, as conforming receivers do.
   * Default false.
   */
  readonly dropRepeatedRequests?: boolean
  /** Called for every stored request that contained events. */
  readonly onStored?: (stored: StoredRequest) => void
}
