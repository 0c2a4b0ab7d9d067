import { parseJsonEvents } from './parse-json-events.ts'
import type { SiemForm } from './siem-form.ts'

/**
 * A receiver of JSON: an array, an object, or one per line.
 * @param keyHeader header that must hold the key; absent: none
 */
export const jsonForm = (keyHeader?: string, key = ''): SiemForm => ({
  path: '/hooks/entra',
  accepted: { status: 204 },
  refusal: ({ headers }) =>
    keyHeader === undefined || headers[keyHeader] === key
      ? undefined
      : { status: 401, reason: `${keyHeader} is not the key` },
  readEvents: parseJsonEvents,
  page: ({ method }) => (method === 'OPTIONS' ? { status: 200, headers: { allow: 'POST' } } : undefined),
})
