import type { Destination } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { cloudEvent } from './cloud-event.ts'

/** Our name for receivers that require senders to identify themselves. */
const ORIGIN = 'entra-risk-export'

/**
 * CloudEvents 1.0 in JSON. The health check is the validation request of the CloudEvents webhook
 * specification.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md
 */
export const cloudEventsFormat = (
  destination: Pick<Destination, 'url' | 'settingsPrefix'>,
): WebhookFormat => ({
  ...byStatus(destination),
  encoder: cloudEvent,
  headers: { 'webhook-request-origin': ORIGIN },
})
