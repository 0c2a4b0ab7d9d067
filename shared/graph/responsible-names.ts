import type { ResponsibleContext } from '../domain/identity-context.ts'
import { isJsonObject } from '../encoding/json.ts'
import type { GraphClient } from './graph-client.ts'
import type { GraphFault } from './graph-fault.ts'

/** Where Graph has the names of each type, and the delegated permission to read them. */
const SETS = [
  ['user', 'users', 'User.ReadBasic.All'],
  ['servicePrincipal', 'servicePrincipals', 'Application.Read.All'],
  ['group', 'groups', 'GroupMember.Read.All'],
] as const

export const NAME_PERMISSIONS: readonly string[] = SETS.map(([, , permission]) => permission)

/** One request each, at one a second. */
const MAX_NAMES = 30

/** Names by object id, and why some could not be read. */
export interface ResponsibleNames {
  readonly names: ReadonlyMap<string, string>
  readonly faults: readonly { readonly permission: string; readonly fault: GraphFault }[]
}

/** Reads the names of owners and sponsors, which the archive does not hold. */
export async function responsibleNames(
  people: readonly ResponsibleContext[],
  client: Pick<GraphClient, 'request'>,
  signal: AbortSignal,
): Promise<ResponsibleNames> {
  const names = new Map<string, string>()
  const faults = new Map<string, GraphFault>()
  const once = new Map(people.map((person) => [person.id, person.type]))
  for (const [id, type] of [...once].slice(0, MAX_NAMES)) {
    const [, set, permission] = SETS.find(([known]) => known === type) ?? []
    if (set === undefined || permission === undefined || faults.has(permission)) continue
    const path = `v1.0/${set}/${encodeURIComponent(id)}?$select=id,displayName`
    const answer = await client.request({ path }, signal)
    if (!answer.ok) {
      // One who has left is no reason not to ask for the others.
      if (answer.fault.kind !== 'notFound') faults.set(permission, answer.fault)
      continue
    }
    const { body } = answer
    const name = isJsonObject(body) ? body['displayName'] : undefined
    if (typeof name === 'string' && name !== '') names.set(id, name)
  }
  return { names, faults: [...faults].map(([permission, fault]) => ({ permission, fault })) }
}
