import * as z from 'zod/mini'
import { entityPath, isEventHubsConnectionString } from './connection-string.ts'
import { categories, eventHubName, hostName, oneOf, token } from './setting-forms.ts'
import { SETTING_NOTES } from './setting-notes.ts'
import { isReference } from './setting-problems.ts'

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
}

type Declared = z.infer<z.ZodMiniObject<typeof EVENT_HUB_OUT_SETTINGS>>

/** In place of a reference, which has a value only where it is resolved; no connection string. */
const NOT_RESOLVED = 'not-resolved'

/**
 * The values of all settings, in which a connection string that is not resolved is no problem: it
 * concerns this sink alone.
 */
export const withoutReference = (
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  isReference(values['EVENT_HUB_OUT_CONNECTION_STRING'])
    ? { ...values, EVENT_HUB_OUT_CONNECTION_STRING: NOT_RESOLVED }
    : values

export interface EventHubOutSettings {
  readonly name: string
  readonly namespace: string | undefined
  /** Whatever is set, if it is resolved. */
  readonly connectionString: string | undefined
  readonly format: EventHubOutFormat
  readonly categories: readonly string[]
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
      }

/**
 * Whether the sink can be set up: a reference to Key Vault that is not resolved is no connection
 * string, and one that names another hub would send everything there.
 */
export const isUsable = ({
  name,
  connectionString,
}: Pick<EventHubOutSettings, 'name' | 'connectionString'>): boolean =>
  connectionString === undefined ||
  (isEventHubsConnectionString(connectionString) &&
    (entityPath(connectionString) ?? name).toLowerCase() === name.toLowerCase())
