import { isJsonObject, type Json } from '../encoding/json.ts'

/** Why Graph did not answer a request. */
export type GraphFault =
  /** The identity lacks a permission that the resource needs. */
  | { readonly kind: 'noPermission' }
  /** The tenant lacks the licence that the resource needs. */
  | { readonly kind: 'noLicence' }
  /** There is no such object (any more). */
  | { readonly kind: 'notFound' }
  /** Nobody is signed in, or the token is not accepted. */
  | { readonly kind: 'unauthorized' }
  /** Asked again and again, Graph was too busy or did not answer. */
  | { readonly kind: 'unavailable'; readonly code: string }
  /** Graph does not take this request. */
  | { readonly kind: 'refused'; readonly code: string }

/** An answer of Graph: a value, or why there is none. */
export type GraphAnswer = (
  | { readonly ok: true; readonly body: Json }
  | { readonly ok: false; readonly fault: GraphFault }
) & {
  /** Graph's own id of the request, by which Microsoft and the tenant's logs find it. */
  readonly requestId?: string | undefined
}

/** Codes are words of Graph's own; anything longer may quote the request. */
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
 * The fault of an answer that is no success. Licence and permission are both answered 403; only the
 * message tells them apart ("Your tenant is not licensed for this feature.").
 */
export function faultOfStatus(status: number, body: Json): GraphFault {
  const { code, message } = errorIn(body)
  if (status === 401) return { kind: 'unauthorized' }
  if (status === 403) return { kind: /licen[cs]/i.test(message) ? 'noLicence' : 'noPermission' }
  if (status === 404) return { kind: 'notFound' }
  const shown = code ?? `status ${status}`
  return isBusy(status) ? { kind: 'unavailable', code: shown } : { kind: 'refused', code: shown }
}

/** Whether it may be otherwise a little later. */
export const isBusy = (status: number): boolean => status === 429 || status >= 500
