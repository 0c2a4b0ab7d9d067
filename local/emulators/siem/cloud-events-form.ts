import { parseCloudEvents } from './parse-cloud-events.ts'
import type { SiemForm } from './siem-form.ts'

/**
 * A receiver of CloudEvents batches, including the validation request of the webhook specification.
 */
export const cloudEventsForm: SiemForm = {
  path: '/hooks/entra',
  accepted: { status: 204 },
  refusal: ({ headers }) =>
    String(headers['content-type']).startsWith('application/cloudevents-batch+json')
      ? undefined
      : { status: 415, reason: 'the content type is no CloudEvents batch' },
  readEvents: parseCloudEvents,
  page: ({ method, headers }) =>
    method === 'OPTIONS'
      ? {
          status: 200,
          headers: {
            allow: 'POST',
            'webhook-allowed-origin': String(headers['webhook-request-origin'] ?? '*'),
            'webhook-allowed-rate': '*',
          },
        }
      : undefined,
}
