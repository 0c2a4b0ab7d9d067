import { isJsonObject, type Json } from '../encoding/json.ts'

/** Why a request to Graph failed. */
export type GraphFault =
  /** The identity lacks a permission that the resource needs. */
  | { readonly kind: 'noPermission' }
  /** The tenant lacks the licence that the resource needs. */
  | { readonly kind: 'noLicence' }
  /** The object does not exist, or no longer. */
  | { readonly kind: 'notFound' }
  /** Not signed in, or the token was rejected. */
  | { readonly kind: 'unauthorized' }
  /** Graph was busy or did not answer, even after retries. */
  | { readonly kind: 'unavailable'; readonly code: string }
  /** Graph rejected the request. */
  | { readonly kind: 'refused'; readonly code: string }

/** Graph's response, or why the request failed. */
export type GraphAnswer = (
  | { readonly ok: true; readonly body: Json }
  | { readonly ok: false; readonly fault: GraphFault }
) & {
  /** Graph's `request-id`, for Microsoft support and the tenant's logs. */
  readonly requestId?: string | undefined
}

/** Graph's error codes; anything longer may quote the request. */
const CODE = /^[\w.-]{1,80}$/

interface GraphError {
  readonly code: string | undefined
  readonly message: string
}

function errorIn(body: Json): GraphError {
  const error = isJsonObject(body) ? body['error'] : undefined
  if (!isJsonObject(error)) return { code: undefined, message: '' }
  const { code, message } = error
  return {
    code: typeof code === 'string' && CODE.test(code) ? code : undefined,
    message: typeof message === 'string' ? message : '',
  }
}

/**
 * The fault for an unsuccessful status. A missing licence and a missing permission are both 403;
 * only the message tells them apart ("Your tenant is not licensed for this feature.").
 */
export function faultOfStatus(status: number, body: Json): GraphFault {
  const { code, message } = errorIn(body)
  if (status === 401) return { kind: 'unauthorized' }
  if (status === 403) return { kind: /licen[cs]/i.test(message) ? 'noLicence' : 'noPermission' }
  if (status === 404) return { kind: 'notFound' }
  const shown = code ?? `status ${status}`
  return isBusy(status) ? { kind: 'unavailable', code: shown } : { kind: 'refused', code: shown }
}

/** Whether to retry. */
export const isBusy = (status: number): boolean => status === 429 || status >= 500
