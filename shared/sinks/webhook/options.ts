import type { LookupFunction } from 'node:net'

/** Bodies that the webhook can send. */
export type WebhookFormatName = 'cloudevents' | 'splunk-hec'

/** Options of the webhook sink. */
export interface WebhookOptions {
  /** Deliveries are POSTed here; `https:` only. May hold a query, which never reaches a message. */
  readonly url: string
  readonly format: WebhookFormatName
  /** `whsec_` and Base64; one, or two during rotation. Every request is signed with all of them. */
  readonly secrets: readonly [string, ...string[]]
  /** Token of the Splunk HTTP Event Collector, valid as a header; for `splunk-hec` only. */
  readonly token: string | undefined
  /** For `splunk-hec` only; `undefined`: the token's own index. */
  readonly splunkIndex: string | undefined
  /** Host names that may be connected to; must include the host of `url`. */
  readonly allowedHosts: readonly string[]
  /** Whether private, loopback, link-local and reserved addresses may be connected to. */
  readonly allowPrivateAddresses: boolean
  /** PEM certificates of the receiver's authority, trusted in addition to the public ones. */
  readonly caPem: string | undefined
  /** Most events in one request. */
  readonly maxEvents: number
  /** Most bytes of a request body before compression. */
  readonly maxBytes: number
  /** Forward proxy; may include user name and password, percent-encoded. */
  readonly proxyUrl: string | undefined
  /** Milliseconds since the Unix epoch, UTC. */
  readonly nowMs: () => number
  /** Resolves host names; default: the system's resolver. Either's answers are checked. */
  readonly lookup?: LookupFunction
}
