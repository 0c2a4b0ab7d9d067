import type { LookupFunction } from 'node:net'
import type { WebhookOptions } from '../../domain/webhook-options.ts'

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
export interface Destination extends WebhookOptions {
  /** What the sink is called in settings, stored rows and logs. */
  readonly name: string
  /** What the names of its settings begin with, such as `WEBHOOK_SOC_`; for messages. */
  readonly settingsPrefix: string
  readonly authentication: Authentication
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
