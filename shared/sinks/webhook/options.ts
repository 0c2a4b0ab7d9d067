import type { LookupFunction } from 'node:net'

/** Bodies that the webhook can send. */
export type WebhookFormatName = 'cloudevents' | 'splunk-hec'

/** What the webhook sink needs to know. */
export interface WebhookOptions {
  /**
   * Where deliveries are POSTed; `https:` only. May hold a query, which never reaches a message.
   */
  readonly url: string
  readonly format: WebhookFormatName
  /** `whsec_` and Base64; one, or two while rotating. Every request is signed with all of them. */
  readonly secrets: readonly [string, ...string[]]
  /** Token of the Splunk HTTP Event Collector, as a header can hold it; for `splunk-hec` alone. */
  readonly token: string | undefined
  /** For `splunk-hec` alone; `undefined`: the token's own index. */
  readonly splunkIndex: string | undefined
  /** Host names that may be connected to; the host of `url` has to be among them. */
  readonly allowedHosts: readonly string[]
  /** Whether private, loopback, link-local and reserved addresses may be connected to. */
  readonly allowPrivateAddresses: boolean
  /** Authority of the receiver's certificate, whole certificates in PEM, beside the public ones. */
  readonly caPem: string | undefined
  /** Most events in one request. */
  readonly maxEvents: number
  /** Largest body of one request before compression. */
  readonly maxBytes: number
  /** Forward proxy; may hold its own user name and password, percent-encoded. */
  readonly proxyUrl: string | undefined
  /** Milliseconds since the Unix epoch, UTC. */
  readonly nowMs: () => number
  /**
   * Resolves host names; default: the system's resolver. Its answers are checked like the system's.
   */
  readonly lookup?: LookupFunction
}
