import type { Reply } from '../http/reply.ts'
import type { JsonObject } from '../json.ts'
import type { GraphRequest } from './graph-request.ts'

/** Why a request is refused, as Microsoft Graph puts it. */
export interface GraphError {
  readonly status: number
  readonly code: string
  readonly message: string
}

export const graphError = (status: number, code: string, message: string): GraphError => ({
  status,
  code,
  message,
})

export const badRequest = (message: string): GraphError => graphError(400, 'BadRequest', message)

/** What the directory does not take. */
export const directoryBadRequest = (message: string): GraphError =>
  graphError(400, 'Request_BadRequest', message)

/** An object that does not exist, or not any more. */
export const notFound = (id: string): GraphError =>
  graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  )

export const isGraphError = (value: object): value is GraphError =>
  'status' in value && 'code' in value && 'message' in value

/** The error as sent: https://learn.microsoft.com/graph/errors */
export const errorBody = (
  { code, message }: GraphError,
  { requestId, clientRequestId, atMs }: GraphRequest,
): JsonObject => ({
  error: {
    code,
    message,
    innerError: {
      date: new Date(atMs).toISOString().slice(0, 19),
      'request-id': requestId,
      'client-request-id': clientRequestId,
    },
  },
})

export const errorReply = (error: GraphError, request: GraphRequest): Reply => ({
  status: error.status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(errorBody(error, request)),
  reason: `${error.code}: ${error.message}`,
})
