import * as z from 'zod/mini'
import type { Redaction } from '../domain/redaction.ts'
import { isEventHubsConnectionString, mayReachHub } from './connection-string.ts'
import type { SinkFilter } from './parse-webhooks.ts'
import { categories, eventHubName, hostName, oneOf, token } from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'
import { isReference } from './setting-problems.ts'
import { WEBHOOK_SETTINGS } from './webhook-settings.ts'
import { redactionProblems } from './webhook-together.ts'

/** What the names of its settings begin with. */
const PREFIX = 'EVENT_HUB_OUT_'

/** What the messages of the hub hold. */
export const EVENT_HUB_OUT_FORMATS = ['cloudevents', 'json', 'ocsf', 'cef'] as const
export type EventHubOutFormat = (typeof EVENT_HUB_OUT_FORMATS)[number]

/** The settings about the hub that events are sent to, as part of `APP_SETTINGS`. */
export const EVENT_HUB_OUT_SETTINGS = {
  EVENT_HUB_OUT_NAME: z.optional(eventHubName).register(SETTING_NOTES, {
    description: 'Hub to send the events to. If set, the sink `event-hub` is on.',
    example: 'risk-events',
  }),
  EVENT_HUB_OUT_NAMESPACE: z.optional(hostName).register(SETTING_NOTES, {
    description: 'Host name of its namespace, for access by managed identity.',
    example: 'evhns-soc.servicebus.windows.net',
  }),
  EVENT_HUB_OUT_CONNECTION_STRING: z.optional(token).register(SETTING_NOTES, {
    description: 'Connection string of its namespace, with the right to send; for a hub of another tenant.',
    example: 'Endpoint=sb://…;SharedAccessKeyName=…;SharedAccessKey=…',
    secret: true,
  }),
  EVENT_HUB_OUT_FORMAT: z._default(oneOf(...EVENT_HUB_OUT_FORMATS), 'cloudevents').register(SETTING_NOTES, {
    description: 'Body of its messages, one event each: `cloudevents`, `json`, `ocsf` or `cef`.',
    example: 'cloudevents',
  }),
  EVENT_HUB_OUT_CATEGORIES: z._default(categories, []).register(SETTING_NOTES, {
    description: 'Categories for that hub, separated by commas; empty: all. Heartbeats are always sent.',
    example: 'RiskyServicePrincipals,ServicePrincipalRiskEvents',
  }),
  EVENT_HUB_OUT_MIN_LEVEL: WEBHOOK_SETTINGS.shape.MIN_LEVEL,
  EVENT_HUB_OUT_IDENTITY_TYPES: WEBHOOK_SETTINGS.shape.IDENTITY_TYPES,
  EVENT_HUB_OUT_REDACT: WEBHOOK_SETTINGS.shape.REDACT,
  EVENT_HUB_OUT_REDACT_KEY: WEBHOOK_SETTINGS.shape.REDACT_KEY,
}

type Declared = z.infer<z.ZodMiniObject<typeof EVENT_HUB_OUT_SETTINGS>>

/** In place of a reference, which has a value only where it is resolved; no connection string. */
const NOT_RESOLVED = 'not-resolved'

/**
 * The values of all settings, in which a secret of this sink that is not resolved is no problem: it
 * concerns this sink alone.
 */
export function withoutReferences(
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { EVENT_HUB_OUT_CONNECTION_STRING: connection, EVENT_HUB_OUT_REDACT_KEY: key, ...others } = values
  return {
    ...others,
    ...(connection !== undefined && {
      EVENT_HUB_OUT_CONNECTION_STRING: isReference(connection) ? NOT_RESOLVED : connection,
    }),
    ...(key !== undefined && !isReference(key) && { EVENT_HUB_OUT_REDACT_KEY: key }),
  }
}

export interface EventHubOutSettings extends SinkFilter {
  readonly name: string
  readonly namespace: string | undefined
  /** Whatever is set, if it is resolved. */
  readonly connectionString: string | undefined
  readonly format: EventHubOutFormat
  readonly redactions: readonly Redaction[]
  /** If it is set, and resolved. */
  readonly redactKey: string | undefined
}

export const eventHubOutSettings = (s: Declared): EventHubOutSettings | undefined =>
  s.EVENT_HUB_OUT_NAME === undefined
    ? undefined
    : {
        name: s.EVENT_HUB_OUT_NAME,
        namespace: s.EVENT_HUB_OUT_NAMESPACE,
        connectionString: s.EVENT_HUB_OUT_CONNECTION_STRING,
        format: s.EVENT_HUB_OUT_FORMAT,
        categories: s.EVENT_HUB_OUT_CATEGORIES,
        minLevel: s.EVENT_HUB_OUT_MIN_LEVEL,
        identityTypes: s.EVENT_HUB_OUT_IDENTITY_TYPES,
        redactions: s.EVENT_HUB_OUT_REDACT,
        redactKey: s.EVENT_HUB_OUT_REDACT_KEY,
      }

const connects = ({ name, connectionString }: EventHubOutSettings): boolean =>
  connectionString === undefined ||
  (isEventHubsConnectionString(connectionString) && mayReachHub(connectionString, name))

/**
 * Why the sink cannot be set up: a reference to Key Vault that is not resolved is no connection
 * string, one that names another hub would send everything there, and without a key nothing is
 * hashed.
 */
export const eventHubOutProblems = (settings: EventHubOutSettings): readonly string[] => [
  ...(connects(settings)
    ? []
    : [
        'EVENT_HUB_OUT_CONNECTION_STRING: expected a connection string of an Event Hubs namespace, or of the hub that EVENT_HUB_OUT_NAME names; a reference to Key Vault may not be resolved',
      ]),
  ...redactionProblems(settings.redactions, settings.redactKey, PREFIX),
]
