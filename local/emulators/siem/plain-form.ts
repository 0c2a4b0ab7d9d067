import type { ReadEvents, SiemForm } from './siem-form.ts'

/**
 * A receiver that answers by HTTP status alone.
 * @param header what must hold this value; absent: nothing
 */
export const plainForm = (
  readEvents: (body: Buffer) => ReadEvents,
  header?: { readonly name: string; readonly value: string },
): SiemForm => ({
  path: '/hooks/entra',
  accepted: { status: 204 },
  refusal: ({ headers }) =>
    header === undefined || headers[header.name] === header.value
      ? undefined
      : { status: 401, reason: `${header.name} is not what was given` },
  readEvents,
  page: ({ method }) => (method === 'OPTIONS' ? { status: 200, headers: { allow: 'POST' } } : undefined),
})
