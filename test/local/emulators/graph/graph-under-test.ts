import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { afterEach, beforeAll } from 'vitest'
import { type EmulatedGraph, startGraph } from '../../../../local/emulators/graph/graph.ts'
import type { GraphOptions, GraphPrincipal } from '../../../../local/emulators/graph/graph-options.ts'
import { createLocalAuthority, type LocalAuthority } from '../../../../local/emulators/tls/local-authority.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'

export const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z')
export const OPERATOR = '0f000000-0000-4000-8000-000000000001'
export const APP = '0f000000-0000-4000-8000-000000000002'
export const LATER_MEMBERS = { prefer: 'include-unknown-enum-members' }

/** Every permission that the emulator knows. */
export const ALL_PERMISSIONS = [
  'IdentityRiskEvent.Read.All',
  'IdentityRiskyServicePrincipal.ReadWrite.All',
  'IdentityRiskyAgent.ReadWrite.All',
  'Application.ReadWrite.All',
  'AgentIdentity.Read.All',
  'DelegatedPermissionGrant.Read.All',
  'RoleManagement.Read.Directory',
  'Policy.Read.All',
  'Organization.Read.All',
]

export const principal = (id: string, permissions: readonly string[], token: string): GraphPrincipal => ({
  id,
  permissions,
  holds: (given) => given === token,
})

export interface GraphAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Empty if the body is no JSON object. */
  readonly json: JsonObject
}

export interface GraphCall {
  readonly method?: string
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonObject
}

let authority: LocalAuthority
const running: EmulatedGraph[] = []

beforeAll(async () => {
  authority = await createLocalAuthority()
})
afterEach(async () => {
  for (const graph of running.splice(0)) await graph.stop()
})

/** A service that is not throttled, for an operator who may do everything with the token `all`. */
export async function start(options: Partial<GraphOptions> = {}): Promise<EmulatedGraph> {
  const graph = await startGraph({
    authority,
    principals: [principal(OPERATOR, ALL_PERMISSIONS, 'all'), principal(APP, [], 'app')],
    nowMs: () => NOW_MS,
    throttled: false,
    ...options,
  })
  running.push(graph)
  return graph
}

const parseBody = (body: string): JsonObject => {
  try {
    return JSON.parse(body) as JsonObject
  } catch {
    return {}
  }
}

/** One request over TLS. @param address path and query, or a whole link that the service gave */
export function call(graph: EmulatedGraph, address: string, given: GraphCall = {}): Promise<GraphAnswer> {
  const { method = 'GET', token = 'all', headers = {}, body } = given
  const url = address.startsWith('https://') ? address : `${graph.url}${encodeURI(address)}`
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method,
        ca: authority.caPem,
        agent: false,
        headers: { ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...headers },
      },
      (incoming) => {
        const { statusCode: status = 0, headers: answered } = incoming
        text(incoming).then(
          (answer) => resolve({ status, headers: answered, body: answer, json: parseBody(answer) }),
          reject,
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Objects of a list. */
export const objectsOf = ({ json }: GraphAnswer): readonly JsonObject[] =>
  Array.isArray(json['value']) ? (json['value'] as readonly JsonObject[]) : []

export const idsOf = (answer: GraphAnswer) => objectsOf(answer).map(({ id }) => id)

/** Code and message of an error. */
export const errorOf = ({ json }: GraphAnswer): JsonObject => (json['error'] ?? {}) as JsonObject

/** Link to the next page. */
export function nextOf({ json }: GraphAnswer): string | undefined {
  const next = json['@odata.nextLink']
  return typeof next === 'string' ? next : undefined
}
