import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { badRequest, errorBody, type GraphError, isGraphError } from './graph-error.ts'
import { decoded, type GraphRequest } from './graph-request.ts'
import { withoutLaterMembers } from './later-members.ts'
import { parseObject } from './parse-body.ts'
import type { Answer } from './route.ts'

/** https://learn.microsoft.com/graph/json-batching */
const MAX_PARTS = 20

/** A request in a batch, with the id that pairs it with its response. */
interface BatchPart {
  readonly id: string
  readonly request: GraphRequest
}

interface BatchResponse extends JsonObject {
  readonly id: string
  readonly status: number
}

function preferOf(headers: Json | undefined): string {
  const [, value] =
    Object.entries(isJsonObject(headers) ? headers : {}).find(([name]) => /^prefer$/i.test(name)) ?? []
  return typeof value === 'string' ? value : ''
}

function partOf(given: Json, batch: GraphRequest): BatchPart | undefined {
  if (!isJsonObject(given)) return undefined
  const { id, method, url, body } = given
  if (typeof id !== 'string' || typeof method !== 'string' || typeof url !== 'string') return undefined
  const address = `${batch.origin}/${url.replace(/^\/+/, '')}`
  if (!URL.canParse(address)) return undefined
  const { pathname, searchParams } = new URL(address)
  return {
    id,
    request: {
      ...batch,
      method,
      path: decoded(pathname.slice(1)),
      query: searchParams,
      body: body === undefined ? '' : JSON.stringify(body),
      knowsLaterMembers: /\binclude-unknown-enum-members\b/i.test(preferOf(given['headers'])),
    },
  }
}

/** The parts of a batch. Their requests share the batch's request id. */
export function parseBatch(batch: GraphRequest): readonly BatchPart[] | GraphError {
  const body = parseObject(batch.body)
  if (isGraphError(body)) return body
  const { requests } = body
  if (!Array.isArray(requests) || requests.length === 0) return badRequest('The requests are missing.')
  if (requests.length > MAX_PARTS)
    return badRequest(`Number of batch request steps exceeds the maximum value of ${MAX_PARTS}.`)
  const parts = (requests as readonly Json[]).flatMap((given) => partOf(given, batch) ?? [])
  if (parts.length < requests.length) return badRequest('A batch request step is not valid.')
  return new Set(parts.map(({ id }) => id)).size === parts.length
    ? parts
    : badRequest('The ids of the batch request steps are not unique.')
}

export function batchResponse({ id, request }: BatchPart, answer: Answer): BatchResponse {
  if (answer === undefined) return { id, status: 204, headers: {} }
  const headers = { 'Content-Type': 'application/json' }
  if (isGraphError(answer)) return { id, status: answer.status, headers, body: errorBody(answer, request) }
  return { id, status: 200, headers, body: request.knowsLaterMembers ? answer : withoutLaterMembers(answer) }
}
