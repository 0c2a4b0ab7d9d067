import type { WebhookSettings } from '../config/parse-settings.ts'
import type { Time } from '../domain/time.ts'
import { type FramingName, WEBHOOK_FORMATS, type WebhookFormatTraits } from '../domain/webhook-formats.ts'
import type { Destination } from '../sinks/webhook/destination.ts'

/** The destination that settings describe. */
export function webhookDestination({ token, ...settings }: WebhookSettings, time: Time): Destination {
  const { contentTypes }: WebhookFormatTraits = WEBHOOK_FORMATS[settings.format]
  const [[framing, contentType] = ['array', '']] = Object.entries(contentTypes)
  return {
    ...settings,
    name: 'webhook',
    settingsPrefix: 'WEBHOOK_',
    framing: framing as FramingName,
    contentType,
    gzip: true,
    authentication:
      token === undefined
        ? { by: 'none' }
        : { by: 'header', name: 'authorization', values: [`Splunk ${token}`] },
    headers: {},
    clientPem: undefined,
    nowMs: () => time.now(),
  }
}
