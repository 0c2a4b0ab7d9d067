import {
  type FramingName,
  WEBHOOK_FORMATS,
  type WebhookFormatTraits,
} from '../../../shared/domain/webhook-formats.ts'
import type { Destination } from '../../../shared/sinks/webhook/destination.ts'
import { type WebhookSink, webhookSink } from '../../../shared/sinks/webhook/sink.ts'
import { CONTRACT_NOW_MS } from '../../contract/sink-subject.ts'

/** `whsec_` and 24 bytes each; made up here. */
export const SECRET = `whsec_${Buffer.from('a first secret for tests').toString('base64')}`
export const NEXT_SECRET = `whsec_${Buffer.from('and another for rotation').toString('base64')}`
export const TOKEN = '5a5a5a5a-0000-4000-8000-c0ffeec0ffee'

/** A receiver on this machine, with the usual framing of the format. */
export function webhookOptions(changes: Partial<Destination> & { url: string }): Destination {
  const { format = 'cloudevents' } = changes
  const { contentTypes }: WebhookFormatTraits = WEBHOOK_FORMATS[format]
  const { framing = Object.keys(contentTypes)[0] as FramingName } = changes
  return {
    name: 'webhook',
    settingsPrefix: 'WEBHOOK_',
    format,
    framing,
    contentType: contentTypes[framing] ?? '',
    gzip: true,
    authentication: { by: 'none' },
    secrets: [SECRET],
    headers: {},
    clientPem: undefined,
    redactions: [],
    redactKey: undefined,
    splunkIndex: undefined,
    splunkTime: 'arrival',
    elasticNamespace: 'default',
    allowedHosts: [new URL(changes.url).hostname],
    allowPrivateAddresses: true,
    caPem: undefined,
    maxEvents: 500,
    maxBytes: 1_000_000,
    proxyUrl: undefined,
    nowMs: () => CONTRACT_NOW_MS,
    ...changes,
  }
}

/** Shows a token as Splunk's collector expects it. */
export const splunkToken = (...values: readonly string[]): Destination['authentication'] => ({
  by: 'header',
  name: 'authorization',
  values: values.map((value) => `Splunk ${value}`) as [string, ...string[]],
})

/** Shows an API key as Elasticsearch expects it. */
export const apiKey = (value: string): Destination['authentication'] => ({
  by: 'header',
  name: 'authorization',
  values: [`ApiKey ${value}`],
})

export const webhook = (changes: Partial<Destination> & { url: string }): WebhookSink =>
  webhookSink(webhookOptions(changes))

export const never = new AbortController().signal
