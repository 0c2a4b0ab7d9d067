import { type CloudEventsBody, parseCloudEvents } from './parse-cloud-events.ts'
import type { SiemForm, SiemRequest } from './siem-form.ts'

const BODIES: Readonly<Record<string, CloudEventsBody>> = {
  'application/cloudevents-batch+json': 'batch',
  'application/cloudevents+json': 'event',
  'application/x-ndjson': 'lines',
}

const bodyOf = ({ headers }: SiemRequest): CloudEventsBody | undefined =>
  BODIES[String(headers['content-type']).split(';', 1)[0] ?? '']

/**
 * A receiver of CloudEvents in batches, lines or alone, including the validation request of the webhook specification.
 */
export const cloudEventsForm: SiemForm = {
  path: '/hooks/entra',
  accepted: { status: 204 },
  refusal: (request) =>
    bodyOf(request) === undefined
      ? { status: 415, reason: 'the content type is no CloudEvents batch' }
      : undefined,
  readEvents: (body, request) => parseCloudEvents(body, bodyOf(request) ?? 'batch'),
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
