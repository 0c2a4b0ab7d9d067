import * as z from 'zod/mini'
import {
  AUTHENTICATIONS,
  type FramingName,
  WEBHOOK_FORMATS,
  type WebhookFormatName,
} from '../domain/webhook-formats.ts'
import {
  categories,
  certificates,
  elasticNamespace,
  flag,
  hosts,
  httpsUrl,
  oneOf,
  proxyUrl,
  signingSecret,
  splunkIndex,
  token,
  wholeNumber,
  words,
} from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'
import { clientPem, contentType, headerName, headers, redactions, scope } from './webhook-forms.ts'

/** A destination's name, and what the names of its settings begin with. */
export interface WebhookName {
  readonly name: string
  readonly prefix: string
}

/** The destination whose settings have no name in theirs. */
export const PLAIN_WEBHOOK: WebhookName = { name: 'webhook', prefix: 'WEBHOOK_' }

const FORMAT_NAMES = Object.keys(WEBHOOK_FORMATS) as [WebhookFormatName, ...WebhookFormatName[]]
const FRAMINGS = ['array', 'ndjson', 'single'] as const satisfies readonly FramingName[]
const LEVELS = ['low', 'medium', 'high'] as const
const IDENTITY_TYPES = ['servicePrincipal', 'agent', 'user'] as const

const codes = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

const identityTypes = words.check(
  z.refine(
    (list) => list.every((word) => IDENTITY_TYPES.some((type) => type === word)),
    `expected ${IDENTITY_TYPES.join(', ')}, separated by commas`,
  ),
)

/** The settings of one webhook destination, by the rest of their names. */
export const WEBHOOK_SETTINGS = z.object({
  URL: z.optional(httpsUrl).register(SETTING_NOTES, {
    description: 'URL of the SIEM webhook receiver. If set, the sink `webhook` is on.',
    example: 'https://siem.example/hooks/entra',
  }),
  FORMAT: z._default(oneOf(...FORMAT_NAMES), 'cloudevents').register(SETTING_NOTES, {
    description: `Body of a delivery: ${codes(FORMAT_NAMES)}.`,
    example: 'cloudevents',
  }),
  FRAMING: z.optional(oneOf(...FRAMINGS)).register(SETTING_NOTES, {
    description: `How the events of a delivery are joined: ${codes(FRAMINGS)}; default: as is usual for the format.`,
    example: 'ndjson',
  }),
  CONTENT_TYPE: z.optional(contentType).register(SETTING_NOTES, {
    description: 'Content type of a delivery; default: that of the format and framing.',
    example: 'application/json',
  }),
  GZIP: z._default(flag, true).register(SETTING_NOTES, {
    description: 'Compress deliveries with gzip.',
    example: 'true',
  }),
  AUTH: z.optional(oneOf(...AUTHENTICATIONS)).register(SETTING_NOTES, {
    description: `How the receiver is shown who sends: ${codes(AUTHENTICATIONS)}; default: as is usual for the format.`,
    example: 'bearer',
  }),
  SECRET: z.optional(signingSecret).register(SETTING_NOTES, {
    description: 'Signing secret of the Standard Webhooks scheme. If set, deliveries are signed.',
    example: 'whsec_…',
    secret: true,
  }),
  SECRET_NEXT: z.optional(signingSecret).register(SETTING_NOTES, {
    description: 'Second live secret during rotation: deliveries are signed with both.',
    example: 'whsec_…',
    secret: true,
  }),
  TOKEN: z.optional(token).register(SETTING_NOTES, {
    description:
      'Token or key for `bearer`, `api-key`, `header` and `splunk`; for `basic`, user name and password with a colon between.',
    example: '00000000-0000-4000-8000-000000000000',
    secret: true,
  }),
  TOKEN_NEXT: z.optional(token).register(SETTING_NOTES, {
    description: 'Second token during rotation: used where the receiver refuses the first, and the reverse.',
    example: '00000000-0000-4000-8000-000000000000',
    secret: true,
  }),
  TOKEN_HEADER: z.optional(headerName).register(SETTING_NOTES, {
    description: 'Header that holds the token; required for `header`, except with `secops`.',
    example: 'X-Api-Key',
  }),
  TOKEN_SCOPE: z.optional(scope).register(SETTING_NOTES, {
    description: 'Scope of the token that the managed identity gets; required for `entra`.',
    example: 'api://siem/.default',
  }),
  HEADERS: z.optional(headers).register(SETTING_NOTES, {
    description: 'Further headers of every request, as a JSON object.',
    example: '{"X-Tenant":"contoso"}',
    secret: true,
  }),
  CLIENT_PEM: z.optional(clientPem).register(SETTING_NOTES, {
    description: 'Certificate and private key shown to the receiver (mutual TLS), PEM.',
    example: '-----BEGIN PRIVATE KEY-----…',
    secret: true,
  }),
  SPLUNK_INDEX: z.optional(splunkIndex).register(SETTING_NOTES, {
    description: 'Index for `splunk-hec`; default: the index of the token.',
    example: 'entra_risk',
  }),
  SPLUNK_TIME: z._default(oneOf('arrival', 'updated'), 'arrival').register(SETTING_NOTES, {
    description:
      'Time of events for `splunk-hec`: `arrival` at Splunk, so that a search of the last hour finds what arrived late, or `updated`, when Microsoft last changed the fact.',
    example: 'arrival',
  }),
  ELASTIC_NAMESPACE: z._default(elasticNamespace, 'default').register(SETTING_NOTES, {
    description: 'Namespace of the data streams for `elastic-bulk`: the last part of their names.',
    example: 'default',
  }),
  CATEGORIES: z._default(categories, []).register(SETTING_NOTES, {
    description: 'Categories for the webhook, separated by commas; empty: all. Heartbeats are always sent.',
    example: '',
  }),
  MIN_LEVEL: z.optional(oneOf(...LEVELS)).register(SETTING_NOTES, {
    description: `Lowest risk level to send of what is at risk: ${codes(LEVELS)}. What ends a risk, and levels that are hidden or unknown, are always sent.`,
    example: 'medium',
  }),
  IDENTITY_TYPES: z._default(identityTypes, []).register(SETTING_NOTES, {
    description: `Types of identity to send, separated by commas: ${codes(IDENTITY_TYPES)}; empty: all.`,
    example: 'servicePrincipal',
  }),
  REDACT: z._default(redactions, []).register(SETTING_NOTES, {
    description:
      'Fields that the receiver does not get, separated by commas: `FIELD:drop`, `FIELD:mask` or `FIELD:hash` (equal values stay equal). The archive keeps everything.',
    example: 'identity.displayName:hash,ipAddress:drop',
  }),
  REDACT_KEY: z.optional(token).register(SETTING_NOTES, {
    description: 'Key of the hashes; required for `hash`.',
    example: 'a long random text',
    secret: true,
  }),
  ALLOWED_HOSTS: z._default(hosts, []).register(SETTING_NOTES, {
    description:
      'Allowed host names of the receiver, separated by commas; required behind a proxy. Empty: the host of `WEBHOOK_URL`.',
    example: 'siem.example',
  }),
  ALLOW_PRIVATE_ADDRESSES: z._default(flag, false).register(SETTING_NOTES, {
    description: 'Allow private, loopback and link-local addresses.',
    example: 'false',
  }),
  CA_PEM: z.optional(certificates).register(SETTING_NOTES, {
    description: 'Certificate authority of the receiver, PEM, in addition to the public ones.',
    example: '-----BEGIN CERTIFICATE-----…',
  }),
  MAX_EVENTS: z._default(wholeNumber(1, 5000), 500).register(SETTING_NOTES, {
    description: 'Maximum number of events in one webhook request.',
    example: '500',
  }),
  MAX_BYTES: z._default(wholeNumber(65_536, 10_000_000), 1_000_000).register(SETTING_NOTES, {
    description: 'Maximum size of one webhook request body, in bytes before compression.',
    example: '1000000',
  }),
  PROXY_URL: z.optional(proxyUrl).register(SETTING_NOTES, {
    description: 'Proxy for webhook requests; its URL may hold user name and password.',
    example: 'http://proxy.internal:3128',
    secret: true,
  }),
})

/** The settings of one destination, each valid on its own. */
export type WebhookValues = z.infer<typeof WEBHOOK_SETTINGS>
