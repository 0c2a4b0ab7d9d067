import * as z from 'zod/mini'
import {
  type AuthenticationName,
  type FramingName,
  WEBHOOK_FORMATS,
  type WebhookFormatTraits,
} from '../domain/webhook-formats.ts'
import type { WebhookOptions } from '../domain/webhook-options.ts'
import { isReference, readEach } from './setting-problems.ts'
import { PLAIN_WEBHOOK, WEBHOOK_SETTINGS, type WebhookName, type WebhookValues } from './webhook-settings.ts'
import { authenticationOf, type ValidWebhook, webhookProblems } from './webhook-together.ts'

/** Which events a sink gets. */
export interface SinkFilter {
  /** Empty: all. */
  readonly categories: readonly string[]
  readonly minLevel?: 'low' | 'medium' | 'high' | undefined
  /** Empty: all. */
  readonly identityTypes?: readonly string[] | undefined
}

interface DeclaredWebhook extends WebhookName {
  readonly filter: SinkFilter
}

/** A destination that cannot be set up: its own fault, and nobody else's. */
export interface BrokenWebhook extends DeclaredWebhook {
  readonly problems: readonly [string, ...string[]]
}

/** A destination that can be set up. */
export interface WebhookSettings extends DeclaredWebhook, WebhookOptions {
  readonly problems?: undefined
  /** What is to be known of its settings, although it can be set up. */
  readonly warnings: readonly string[]
  readonly authentication: AuthenticationName
  /** None, one, or two during rotation; the current one first. */
  readonly tokens: readonly string[]
  readonly tokenHeader: string | undefined
  readonly tokenScope: string | undefined
}

const PARTIAL = z.partial(WEBHOOK_SETTINGS)
/** Those without which nobody would set the others. */
const SWITCHES = ['URL', 'SECRET', 'SECRET_NEXT', 'TOKEN'] as const

/** Each has a second value while it is rotated: without that one, the destination still works. */
const ROTATED = ['SECRET', 'TOKEN'] as const

/** What the names of a named destination's settings begin with. */
const named = (name: string): WebhookName => ({
  name,
  prefix: `${PLAIN_WEBHOOK.prefix}${name.toUpperCase()}_`,
})

const isDeclared = (values: Readonly<Record<string, string>>): boolean =>
  SWITCHES.some((name) => values[PLAIN_WEBHOOK.prefix + name] !== undefined)

/** Settings of which two destinations would share the name. */
const sharedNames = (name: string): readonly string[] =>
  Object.keys(WEBHOOK_SETTINGS.shape).filter((setting) => {
    const prefix = `${name.toUpperCase()}_`
    return setting.startsWith(prefix) && setting.slice(prefix.length) in WEBHOOK_SETTINGS.shape
  })

/** The destinations that settings name, or why they cannot be told apart. */
export function webhookNames(
  further: readonly string[],
  values: Readonly<Record<string, string>>,
): { readonly names: readonly WebhookName[]; readonly problems: readonly string[] } {
  const others = [...new Set(further)].filter((name) => name !== PLAIN_WEBHOOK.name)
  const hasPlain = isDeclared(values) || others.length < new Set(further).size
  return {
    names: [...(hasPlain ? [PLAIN_WEBHOOK] : []), ...others.map(named)],
    problems: others
      .filter((name) => sharedNames(name).length > 0)
      .map((name) => `WEBHOOKS: ${name} is taken: its settings would have the names of others`),
  }
}

/** Reads the settings of one destination. Never throws: what is wrong is its own fault. */
export function readWebhook(
  { name, prefix }: WebhookName,
  values: Readonly<Record<string, string>>,
  includesUsers: boolean,
): WebhookSettings | BrokenWebhook {
  const { valid, problems } = readEach<WebhookValues>(WEBHOOK_SETTINGS, PARTIAL, values, prefix)
  const ofEach = new Map(problems)
  const warnings: string[] = []
  for (const current of ROTATED) {
    const next = `${current}_NEXT` as const
    if (valid[current] === undefined || !isReference(values[prefix + next])) continue
    warnings.push(
      `${ofEach.get(next)}; until it is resolved, only ${prefix}${current} is used, and the receiver must still accept it`,
    )
    ofEach.delete(next)
  }
  const together = webhookProblems(valid, includesUsers, prefix, new Set(ofEach.keys()))
  const [first, ...others] = [...ofEach.values(), ...together]
  const filter: SinkFilter = {
    categories: valid.CATEGORIES ?? [],
    minLevel: valid.MIN_LEVEL,
    identityTypes: valid.IDENTITY_TYPES,
  }
  if (first !== undefined) return { name, prefix, filter, problems: [first, ...others] }
  return { name, prefix, filter, warnings, ...narrowed(valid) }
}

const both = (current: string | undefined, next: string | undefined): readonly string[] =>
  [current, next].filter((one) => one !== undefined)

function narrowed(s: ValidWebhook): Omit<WebhookSettings, keyof DeclaredWebhook | 'warnings'> {
  const { URL: url = '', FORMAT: format = 'cloudevents', ALLOWED_HOSTS: hosts = [] } = s
  const { contentTypes, tokenHeader }: WebhookFormatTraits = WEBHOOK_FORMATS[format]
  const framing = s.FRAMING ?? (Object.keys(contentTypes)[0] as FramingName)
  return {
    url,
    format,
    framing,
    contentType: s.CONTENT_TYPE ?? contentTypes[framing] ?? '',
    gzip: s.GZIP ?? true,
    authentication: authenticationOf(s),
    tokens: both(s.TOKEN, s.TOKEN_NEXT),
    tokenHeader: s.TOKEN_HEADER ?? tokenHeader,
    tokenScope: s.TOKEN_SCOPE,
    secrets: both(s.SECRET, s.SECRET_NEXT),
    headers: s.HEADERS ?? {},
    clientPem: s.CLIENT_PEM,
    splunkIndex: s.SPLUNK_INDEX,
    splunkTime: s.SPLUNK_TIME ?? 'arrival',
    elasticNamespace: s.ELASTIC_NAMESPACE ?? 'default',
    redactions: s.REDACT ?? [],
    redactKey: s.REDACT_KEY,
    allowedHosts: hosts.length > 0 ? hosts : [new URL(url).hostname],
    allowPrivateAddresses: s.ALLOW_PRIVATE_ADDRESSES ?? false,
    caPem: s.CA_PEM,
    maxEvents: s.MAX_EVENTS ?? 500,
    maxBytes: s.MAX_BYTES ?? 1_000_000,
    proxyUrl: s.PROXY_URL,
  }
}
