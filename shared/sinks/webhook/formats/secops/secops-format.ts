import type { Destination } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { secopsEvent } from './secops-event.ts'

/**
 * A webhook feed of Google SecOps: one JSON object per line; API key and secret are headers.
 * https://cloud.google.com/chronicle/docs/administration/feed-management#webhook
 */
export const secopsFormat = (destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat => ({
  ...byStatus(destination),
  encoder: secopsEvent,
  headers: {},
})
