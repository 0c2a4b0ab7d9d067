import type { JsonObject } from '../json.ts'
import { type GraphError, graphError } from './graph-error.ts'
import type { GraphLicence } from './graph-options.ts'
import type { AuthorizedRequest } from './graph-request.ts'

/** The body of a response, nothing (204), or why the request is refused. */
export type Answer = JsonObject | GraphError | undefined

/** What the service does at one address. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly versions: readonly string[]
  /** Parts in braces are parameters, one segment each. */
  readonly path: string
  /** Any one of them suffices. */
  readonly permissions: readonly string[]
  readonly licence?: GraphLicence
  readonly answer: (request: AuthorizedRequest, ...parameters: readonly string[]) => Answer
}

export const BOTH = ['v1.0', 'beta'] as const
export const BETA = ['beta'] as const

const isIdentityProtection = (path: string): boolean => /^identityProtection\//i.test(path)

/** Whether the limit of one request a second counts a request. */
export const isThrottled = (path: string): boolean =>
  isIdentityProtection(path) || /^identity\/conditionalAccess\//i.test(path)

/** The service's answer to a token without the permission; each area has its own. */
export function permissionMissing(path: string): GraphError {
  const scopes = 'You cannot perform the requested operation, required scopes are missing in the token.'
  if (isIdentityProtection(path)) return graphError(403, 'Forbidden', scopes)
  if (/^microsoft\.aadiam\//i.test(path))
    return graphError(403, 'AuthorizationFailed', 'The client does not have authorization over the scope.')
  return /^identity\//i.test(path)
    ? graphError(403, 'AccessDenied', scopes)
    : graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
}

export const licenceMissing = graphError(403, 'Forbidden', 'Your tenant is not licensed for this feature.')

/** `set('key')` and `set(appId='key')` as `set/key` and `set/appId=key`. */
const normalised = (path: string): string =>
  path.replace(/^([A-Za-z]+)\((?:(appId)=)?'([^']*)'\)/i, (_, set: string, name: string | undefined, key) =>
    name === undefined ? `${set}/${key}` : `${set}/appId=${key}`,
  )

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '([^/]+)')}$`, 'i')

/** Finds the route of a request. */
export class RouteTable {
  readonly #routes: readonly (Route & { readonly pattern: RegExp })[]

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => ({ ...route, pattern: patternOf(route.path) }))
  }

  find(
    method: string,
    version: string,
    path: string,
  ): { readonly route: Route; readonly parameters: readonly string[] } | undefined {
    const place = normalised(path)
    for (const route of this.#routes) {
      const match =
        route.method === method && route.versions.includes(version) ? route.pattern.exec(place) : null
      if (match !== null) return { route, parameters: match.slice(1) }
    }
    return undefined
  }
}
