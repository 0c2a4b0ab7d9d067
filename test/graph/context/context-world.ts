import { afterEach, beforeAll } from 'vitest'
import { type EmulatedGraph, startGraph } from '../../../local/emulators/graph/graph.ts'
import type { GraphOptions } from '../../../local/emulators/graph/graph-options.ts'
import { seed } from '../../../local/emulators/graph/seed.ts'
import { SEEDED } from '../../../local/emulators/graph/seed-names.ts'
import { createLocalAuthority, type LocalAuthority } from '../../../local/emulators/tls/local-authority.ts'
import { trustingClient } from '../../../shared/composition/trusting-client.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import {
  type CollectedContext,
  type ContextSubject,
  collectContext,
} from '../../../shared/graph/context/collect-context.ts'
import { PolicyCache } from '../../../shared/graph/context/policy-cache.ts'
import { type GraphClient, graphClient } from '../../../shared/graph/graph-client.ts'

/** Read permissions that a context needs, and no others. */
export const READ_PERMISSIONS = [
  'Application.Read.All',
  'AgentIdentity.Read.All',
  'DelegatedPermissionGrant.Read.All',
  'IdentityRiskyAgent.Read.All',
  'IdentityRiskyServicePrincipal.Read.All',
  'Policy.Read.All',
  'RoleManagement.Read.Directory',
] as const

export const NOW = instant(Date.parse('2026-09-17T12:00:00.000Z'))
const APP = 'app'
const never = new AbortController().signal

/** A seeded tenant behind TLS, and a client of it; both have the same clock, which waiting moves. */
export interface ContextWorld {
  readonly graph: EmulatedGraph
  readonly client: GraphClient
  readonly policies: PolicyCache
  collect(
    identity: { readonly id: string },
    subject?: Partial<ContextSubject>,
  ): Promise<CollectedContext | 'unavailable'>
  permit(permissions: readonly string[]): void
  /** Requests over the wire since the last call; a batch is one. */
  requests(): number
  readonly elapsedMs: () => number
}

let authority: LocalAuthority
const running: EmulatedGraph[] = []

beforeAll(async () => {
  authority = await createLocalAuthority()
})
afterEach(async () => {
  for (const graph of running.splice(0)) await graph.stop()
})

export const subjectOf = (id: string, given: Partial<ContextSubject> = {}): ContextSubject => ({
  id,
  type: 'servicePrincipal',
  tenantId: SEEDED.tenantId,
  level: 'high',
  state: 'atRisk',
  namedKeyIds: [],
  ...given,
})

export async function contextWorld(options: Partial<GraphOptions> = {}): Promise<ContextWorld> {
  let clockMs: number = NOW
  const graph = await startGraph({
    authority,
    principals: [{ id: APP, holds: (token) => token === APP, permissions: READ_PERMISSIONS }],
    nowMs: () => clockMs,
    ...options,
  })
  running.push(graph)
  seed(graph.tenant)
  const client = graphClient({
    endpoint: graph.url,
    credential: { getToken: async () => ({ token: APP, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) },
    httpClient: trustingClient(authority.caPem),
    time: {
      now: () => clockMs,
      monotonicMs: () => clockMs,
      random: () => 0,
      async sleep(ms) {
        clockMs += ms
      },
    },
  })
  const policies = new PolicyCache()
  return {
    graph,
    client,
    policies,
    collect: ({ id }, subject) => collectContext(client, subjectOf(id, subject), NOW, policies, never),
    permit: (permissions) => graph.permit(APP, permissions),
    requests() {
      const count = new Set(graph.log().map(({ requestId }) => requestId)).size
      graph.clearLog()
      return count
    },
    elapsedMs: () => clockMs - NOW,
  }
}
