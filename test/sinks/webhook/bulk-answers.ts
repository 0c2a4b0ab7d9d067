import type { estypes } from '@elastic/elasticsearch'

/** Actions of a bulk request, as the official client types them. */
const actionsOf = (body: string): readonly { readonly create: estypes.BulkCreateOperation }[] =>
  body
    .trimEnd()
    .split('\n')
    .filter((_, index) => index % 2 === 0)
    .map((line) => JSON.parse(line))

/** Ids of the documents that a bulk request creates. */
export const idsOf = (body: string): readonly string[] =>
  actionsOf(body).map(({ create }) => create._id ?? '')

/** An item that was stored. */
export const created = (id: string): estypes.BulkResponseItem => ({
  _index: '.ds-logs-entra_risk.detection-default-2026.03.01-000001',
  _id: id,
  _version: 1,
  result: 'created',
  status: 201,
})

/** An item that was not. */
export const refused = (id: string, status: number, type: string): estypes.BulkResponseItem => ({
  _index: 'logs-entra_risk.detection-default',
  _id: id,
  status,
  error: { type, reason: 'Payroll nightly sync 203.0.113.7', root_cause: [] },
})

/** An answer with these items. */
export function bulkAnswer(items: readonly estypes.BulkResponseItem[]): string {
  const answer: estypes.BulkResponse = {
    took: 3,
    errors: items.some(({ status }) => status >= 300),
    items: items.map((create) => ({ create })),
  }
  return JSON.stringify(answer)
}

/** What a healthy cluster answers to a request. */
export const allCreated = (body: string): string => bulkAnswer(idsOf(body).map(created))
