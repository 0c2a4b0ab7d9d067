import type { StoredRequest } from '../http/stored-request.ts'
import type { LocalAuthority } from '../tls/local-authority.ts'

export interface SiemReceiverOptions {
  readonly authority: LocalAuthority
  /** `whsec_` and Base64; a request signed with any one of them is genuine. */
  readonly secrets: readonly string[]
  readonly format: 'cloudevents' | 'splunk-hec'
  /** Required of `splunk-hec` senders. */
  readonly token?: string
  /** Folder for what arrived: `<n>.body` (after gunzip) and `<n>.headers.json`. */
  readonly directory?: string
  readonly nowMs: () => number
  /** Default: a free one. */
  readonly port?: number
  /**
   * Whether to store a request whose `webhook-id` was stored before only once, as conforming
   * receivers do. Default false.
   */
  readonly dropRepeatedRequests?: boolean
  /** Told of every request that brought events. */
  readonly onStored?: (stored: StoredRequest) => void
}
