/** How the events of a request body are joined; `concatenated`: by nothing. */
export type FramingName = 'array' | 'ndjson' | 'single' | 'concatenated'

/** How a destination is shown who sends. `api-key`: `Authorization: ApiKey …`, as Elastic expects. */
export const AUTHENTICATIONS = [
  'signature',
  'bearer',
  'api-key',
  'header',
  'splunk',
  'basic',
  'entra',
  'none',
] as const
export type AuthenticationName = (typeof AUTHENTICATIONS)[number]

/** What the settings of a destination need to know about a format. */
export interface WebhookFormatTraits {
  /** Content types by the framings that the format allows; the first framing is the default. */
  readonly contentTypes: { readonly [framing in FramingName]?: string }
  /** The usual authentication of its receivers. */
  readonly authentication: AuthenticationName
  /** The header that its receivers expect a token in, if they all expect the same. */
  readonly tokenHeader?: string
}

const traits = <const T extends Readonly<Record<string, WebhookFormatTraits>>>(formats: T): T => formats

/** Every format that a webhook destination can have. */
export const WEBHOOK_FORMATS = traits({
  cloudevents: {
    contentTypes: {
      array: 'application/cloudevents-batch+json; charset=utf-8',
      ndjson: 'application/x-ndjson; charset=utf-8',
      single: 'application/cloudevents+json; charset=utf-8',
    },
    authentication: 'signature',
  },
  'elastic-bulk': {
    contentTypes: { ndjson: 'application/x-ndjson' },
    authentication: 'api-key',
  },
  json: {
    contentTypes: {
      array: 'application/json; charset=utf-8',
      ndjson: 'application/x-ndjson; charset=utf-8',
      single: 'application/json; charset=utf-8',
    },
    authentication: 'signature',
  },
  secops: {
    contentTypes: { ndjson: 'application/json' },
    authentication: 'header',
    tokenHeader: 'x-goog-api-key',
  },
  'splunk-hec': {
    contentTypes: { ndjson: 'application/json; charset=utf-8' },
    authentication: 'splunk',
  },
  cef: {
    contentTypes: { ndjson: 'text/plain; charset=utf-8' },
    authentication: 'bearer',
  },
  otlp: {
    contentTypes: { concatenated: 'application/x-protobuf' },
    authentication: 'bearer',
  },
  ocsf: {
    contentTypes: {
      array: 'application/json; charset=utf-8',
      ndjson: 'application/x-ndjson; charset=utf-8',
      single: 'application/json; charset=utf-8',
    },
    authentication: 'signature',
  },
})

export type WebhookFormatName = keyof typeof WEBHOOK_FORMATS
