import type { ReadEvents, SiemForm } from './siem-form.ts'

/** A receiver that answers by HTTP status alone. */
export const plainForm = (readEvents: (body: Buffer) => ReadEvents): SiemForm => ({
  path: '/hooks/entra',
  accepted: { status: 204 },
  refusal: () => undefined,
  readEvents,
  page: ({ method }) => (method === 'OPTIONS' ? { status: 200, headers: { allow: 'POST' } } : undefined),
})
