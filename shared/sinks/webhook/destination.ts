import type { LookupFunction } from 'node:net'
import type { Redaction } from '../../domain/redaction.ts'
import type { FramingName, WebhookFormatName } from '../../domain/webhook-formats.ts'

/**
 * Gets a token that a receiver accepts for a while; `undefined`, or rejects, if there is none.
 * @param isFresh whether the one got before was refused
 */
export type GetToken = (isFresh: boolean, signal: AbortSignal) => Promise<string | undefined>

/**
 * What shows a receiver who sends, besides a signature and a client certificate: a header, with one
 * value or, during rotation, several of which the receiver accepts one; or a token of Entra ID.
 */
export type Authentication =
  | { readonly by: 'header'; readonly name: string; readonly values: readonly [string, ...string[]] }
  | { readonly by: 'entra'; readonly getToken: GetToken }
  | { readonly by: 'none' }

/** One receiver, and all that is specific to it. */
export interface Destination {
  /** What the sink is called in settings, stored rows and logs. */
  readonly name: string
  /** What the names of its settings begin with, such as `WEBHOOK_SOC_`; for messages. */
  readonly settingsPrefix: string
  /** Deliveries are POSTed here; `https:` only. May hold a query, which never reaches a message. */
  readonly url: string
  readonly format: WebhookFormatName
  readonly framing: FramingName
  readonly contentType: string
  readonly gzip: boolean
  readonly authentication: Authentication
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
  /** Milliseconds since the Unix epoch, UTC. */
  readonly nowMs: () => number
  /** Resolves host names; default: the system's resolver. Either's answers are checked. */
  readonly lookup?: LookupFunction
}

/** What a message says about a destination: its host, and the names of its settings. */
export interface Receiver {
  readonly host: string
  readonly settingsPrefix: string
}

/** The URL's host, without the brackets of IPv6. */
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

export const receiverOf = ({
  url,
  settingsPrefix,
}: Pick<Destination, 'url' | 'settingsPrefix'>): Receiver => ({
  host: hostOf(url),
  settingsPrefix,
})
