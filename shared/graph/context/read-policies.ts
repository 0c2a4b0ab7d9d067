import type { Instant } from '../../domain/identifiers.ts'
import type { GraphClient } from '../graph-client.ts'
import { blockingPolicy } from './policy.ts'
import type { Policies, PolicyCache } from './policy-cache.ts'
import { readAll } from './reading.ts'

const SELECT = '$select=id,displayName,state,conditions,grantControls'

/**
 * The policies that block workload identities, kept for all identities.
 * @param isAgent only beta has the conditions on agents
 */
export async function readPolicies(
  client: GraphClient,
  isAgent: boolean,
  cache: PolicyCache,
  now: Instant,
  signal: AbortSignal,
): Promise<Policies | 'unavailable'> {
  const version = isAgent ? 'beta' : 'v1.0'
  const kept = cache.policies.get(version, now)
  if (kept !== undefined) return kept
  const path = `${version}/identity/conditionalAccess/policies?${SELECT}`
  const readings = await readAll(client, { policies: path }, signal)
  if (readings === 'unavailable') return readings
  const { policies: reading } = readings
  const policies: Policies = reading.ok
    ? reading.list.flatMap((object) => blockingPolicy(object) ?? [])
    : reading.fault
  cache.policies.put(version, policies, now)
  return policies
}
