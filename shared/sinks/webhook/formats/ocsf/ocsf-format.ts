import type { Destination } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { ocsfEvent } from './ocsf-event.ts'

/** OCSF 1.8 in JSON, for any receiver that answers by HTTP status. */
export const ocsfFormat = (destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat => ({
  ...byStatus(destination),
  encoder: ocsfEvent,
  headers: {},
})
