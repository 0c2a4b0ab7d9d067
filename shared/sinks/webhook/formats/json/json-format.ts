import type { Destination } from '../../destination.ts'
import type { WebhookFormat } from '../../webhook-format.ts'
import { byStatus } from '../by-status.ts'
import { jsonEvent } from './json-event.ts'

/** The program's own JSON, for receivers that take any. */
export const jsonFormat = (destination: Pick<Destination, 'url' | 'settingsPrefix'>): WebhookFormat => ({
  ...byStatus(destination),
  encoder: jsonEvent,
  headers: {},
})
