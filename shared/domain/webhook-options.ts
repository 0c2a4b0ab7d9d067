import type { Redaction } from './redaction.ts'
import type { FramingName, WebhookFormatName } from './webhook-formats.ts'

/** What the settings of a webhook destination say as it is used. */
export interface WebhookOptions {
  /** Deliveries are POSTed here; `https:` only. May hold a query, which never reaches a message. */
  readonly url: string
  readonly format: WebhookFormatName
  readonly framing: FramingName
  readonly contentType: string
  readonly gzip: boolean
  /** `whsec_` and Base64. Every request is signed with all of them; none: no signature. */
  readonly secrets: readonly string[]
  /** Added to every request; names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Certificate and key shown to the receiver, PEM. */
  readonly clientPem: string | undefined
  /** For `splunk-hec` only; `undefined`: the token's own index. */
  readonly splunkIndex: string | undefined
  /**
   * For `splunk-hec` only: whether the time of an event is that of its arrival, or when Microsoft
   * last changed the fact.
   */
  readonly splunkTime: 'arrival' | 'updated'
  /** For `elastic-bulk` only: the last part of the names of data streams. */
  readonly elasticNamespace: string
  /** Fields that the receiver does not get as they are, and the key of hashes. */
  readonly redactions: readonly Redaction[]
  readonly redactKey: string | undefined
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
}
