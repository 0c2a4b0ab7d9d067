import type { Reply } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import { type BulkAction, parseBulkActions } from './parse-bulk-actions.ts'
import type { ReadEvents, SiemForm, SiemRequest } from './siem-form.ts'

/** Document ids; about 150 bytes each. */
const MAX_IDS = 5_000_000
const WHO_PATH = '/_security/_authenticate'

const json = (status: number, body: JsonObject, reason?: string): Reply => ({
  status,
  headers: {
    'content-type': 'application/vnd.elasticsearch+json;compatible-with=9',
    'x-elastic-product': 'Elasticsearch',
  },
  body: JSON.stringify(body),
  ...(reason === undefined ? {} : { reason }),
})

/** An error in Elasticsearch's form. */
const errorReply = (status: number, type: string, reason: string): Reply =>
  json(status, { error: { root_cause: [{ type, reason }], type, reason }, status }, reason)

const itemError = (action: BulkAction, status: number, type: string, reason: string): JsonObject => ({
  create: { _index: action.index, _id: action.id, status, error: { type, reason } },
})

/**
 * Elasticsearch's bulk API for data streams, as far as senders can observe: only `create`; a known
 * id is a conflict; a document without a time is refused; each on its own, in order.
 */
export function elasticBulkForm(apiKey: string): SiemForm {
  const stored = new Set<string>()
  let version = 0

  const refusal = ({ headers }: SiemRequest): Reply | undefined => {
    if (headers.authorization !== `ApiKey ${apiKey}`)
      return errorReply(401, 'security_exception', 'unable to authenticate with provided credentials')
    return undefined
  }

  function answerOf(action: BulkAction): { readonly item: JsonObject; readonly isNew: boolean } {
    const { operation, index, id, document } = action
    const refused = (status: number, type: string, reason: string) => ({
      item: itemError(action, status, type, reason),
      isNew: false,
    })
    if (operation !== 'create')
      return refused(
        400,
        'illegal_argument_exception',
        'only write ops with an op_type of create are allowed in data streams',
      )
    const key = `${index}/${id}`
    if (stored.has(key))
      return refused(
        409,
        'version_conflict_engine_exception',
        `[${id}]: version conflict, document already exists`,
      )
    const time = document?.['@timestamp']
    if (typeof time !== 'string' || !Number.isFinite(Date.parse(time)))
      return refused(400, 'document_parsing_exception', 'data stream timestamp field [@timestamp] is missing')
    if (stored.size >= MAX_IDS)
      return refused(429, 'es_rejected_execution_exception', 'rejected execution of coordinating operation')
    stored.add(key)
    version += 1
    const item = {
      create: {
        _index: `.ds-${index}-000001`,
        _id: id,
        _version: 1,
        result: 'created',
        _seq_no: version,
        status: 201,
      },
    }
    return { item, isNew: true }
  }

  function readEvents(body: Buffer): ReadEvents {
    const actions = parseBulkActions(body.toString())
    if (typeof actions === 'string')
      return { ids: [], events: [], refusal: errorReply(400, 'illegal_argument_exception', actions) }
    const answers = actions.map((action) => ({ action, ...answerOf(action) }))
    const taken = answers.filter(({ isNew }) => isNew).map(({ action }) => action)
    const errors = answers.some(({ isNew }) => !isNew)
    return {
      ids: taken.map(({ id }) => id),
      events: taken.flatMap(({ document }) => (document === undefined ? [] : [document])),
      refusal: undefined,
      answer: json(200, { took: 1, errors, items: answers.map(({ item }) => item) }),
    }
  }

  return {
    path: '/_bulk',
    accepted: { status: 200 },
    refusal: (request) =>
      refusal(request) ??
      (String(request.headers['content-type']).startsWith('application/x-ndjson')
        ? undefined
        : errorReply(406, 'media_type_header_exception', 'Content-Type header is not supported')),
    readEvents,
    page: (request) =>
      request.method === 'GET' && request.path === WHO_PATH
        ? (refusal(request) ?? json(200, { username: 'entra-risk-export', enabled: true }))
        : undefined,
  }
}
