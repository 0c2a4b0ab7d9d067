import type { IncomingMessage } from 'node:http'
import type { Exchange, ReceivingService } from '../http/receiving-service.ts'
import type { Reply } from '../http/reply.ts'
import { batchResponse, parseBatch } from './batch.ts'
import { diagnosticSettingsRoute } from './diagnostic-settings-route.ts'
import { directoryRoutes } from './directory-routes.ts'
import { badRequest, errorReply, type GraphError, graphError, isGraphError } from './graph-error.ts'
import type { GraphLicence, GraphOptions, GraphPrincipal } from './graph-options.ts'
import { type AuthorizedRequest, type GraphRequest, graphRequest, readText } from './graph-request.ts'
import { withoutLaterMembers } from './later-members.ts'
import { RequestLog } from './request-log.ts'
import { riskRoutes } from './risk-routes.ts'
import {
  type Answer,
  isThrottled,
  licenceMissing,
  permissionMissing,
  type Route,
  RouteTable,
} from './route.ts'
import { Tenant } from './tenant.ts'
import { Throttle } from './throttle.ts'

const DEFAULT_PAGE_SIZE = 20

const noToken = graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.')
const unknownToken = graphError(401, 'InvalidAuthenticationToken', 'Access token validation failure.')
const tooManyRequests = graphError(429, 'TooManyRequests', 'Too many requests.')

/** Handles a request once it has been read: authorizes, paces, answers, logs. */
export class GraphService implements ReceivingService<string> {
  readonly tenant = new Tenant()
  readonly throttle: Throttle
  readonly log = new RequestLog()
  /** Permissions that replace a principal's own. */
  readonly permissions = new Map<string, readonly string[]>()
  licences: readonly GraphLicence[]
  readonly #options: GraphOptions
  readonly #routes: RouteTable
  #requests = 0

  constructor(options: GraphOptions) {
    const { pageSize = DEFAULT_PAGE_SIZE, throttled = true } = options
    this.#options = options
    this.throttle = new Throttle(throttled)
    this.licences = options.licences ?? ['workloadIdentitiesPremium', 'entraIdP2']
    this.#routes = new RouteTable([
      ...riskRoutes(this.tenant, pageSize),
      ...directoryRoutes(this.tenant, pageSize),
      diagnosticSettingsRoute(this.tenant),
    ])
  }

  isDelivery(): boolean {
    return true
  }

  page(): undefined {
    return undefined
  }

  read(request: IncomingMessage): Promise<string> {
    return readText(request)
  }

  async handle(exchange: Exchange, body: string): Promise<Reply> {
    this.#requests += 1
    const request = graphRequest(exchange, body, this.#requests, this.#options.nowMs())
    const principal = this.#options.principals.find(({ holds }) => holds(request.bearer))
    const reply = this.#reply(request, this.#answer(request, principal))
    this.log.add(request, reply.status, principal?.id)
    return reply
  }

  refused(reply: Reply): Reply {
    return reply
  }

  #answer(request: GraphRequest, principal: GraphPrincipal | undefined): Answer {
    const { method, version, path, bearer, atMs } = request
    if (principal === undefined) return bearer === '' ? noToken : unknownToken
    if (path === '$batch' && method === 'POST') return this.#batch(request, principal)
    const found = this.#routes.find(method, version, path)
    if (found === undefined)
      return badRequest(`Resource not found for the segment '${path.split('/').at(-1)}'.`)
    if (isThrottled(path) && !this.throttle.admits(atMs)) return tooManyRequests
    const permissions = this.permissions.get(principal.id) ?? principal.permissions
    const authorized = { ...request, principal: { ...principal, permissions } }
    return this.#refusal(found.route, authorized) ?? found.route.answer(authorized, ...found.parameters)
  }

  /** Each part is authorized, throttled and logged like a request of its own. */
  #batch(request: GraphRequest, principal: GraphPrincipal): Answer {
    const parts = parseBatch(request)
    if (isGraphError(parts)) return parts
    return {
      responses: parts.map((part) => {
        const response = batchResponse(part, this.#answer(part.request, principal))
        this.log.add(part.request, response.status, principal.id)
        return response
      }),
    }
  }

  #refusal(route: Route, { path, principal }: AuthorizedRequest): GraphError | undefined {
    if (!route.permissions.some((permission) => principal.permissions.includes(permission)))
      return permissionMissing(path)
    const { licence } = route
    return licence === undefined || this.licences.includes(licence) ? undefined : licenceMissing
  }

  #reply(request: GraphRequest, answer: Answer): Reply {
    const { requestId, clientRequestId, knowsLaterMembers } = request
    const ids = { 'request-id': requestId, 'client-request-id': clientRequestId }
    if (answer === undefined) return { status: 204, headers: ids }
    if (isGraphError(answer)) {
      const { headers, ...refusal } = errorReply(answer, request)
      return { ...refusal, headers: { ...headers, ...ids } }
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8', ...ids },
      body: JSON.stringify(
        // The parts of a batch ask for themselves.
        knowsLaterMembers || request.path === '$batch' ? answer : withoutLaterMembers(answer),
      ),
    }
  }
}
