import type { Destination } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { cefEvent } from './cef-event.ts'

/** Lines of the Common Event Format, for any receiver that answers by HTTP status. */
export const cefFormat = (destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat => ({
  ...byStatus(destination),
  encoder: cefEvent,
  headers: {},
})
