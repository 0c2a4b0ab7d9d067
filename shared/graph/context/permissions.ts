import type { PermissionContext, PermissionsContext } from '../../domain/identity-context.ts'
import type { JsonObject } from '../../encoding/json.ts'
import type { Api, Apis } from './api.ts'
import { type Bounded, LIMITS, unread } from './bounded.ts'
import { present } from './principal.ts'
import { type Needs, READ_APPLICATIONS, type Reading, textIn, unknownOf } from './reading.ts'
import { GRAPH_APP_ID, tierOfPermission } from './tiers.ts'

const READ_GRANTS: Needs = { permission: 'DelegatedPermissionGrant.Read.All' }
/** An assignment without an app role: https://learn.microsoft.com/graph/api/resources/approleassignment */
const NO_ROLE = '00000000-0000-0000-0000-000000000000'

const tierAt = (api: Api | undefined, name: string, type: PermissionContext['type']) =>
  api?.appId === GRAPH_APP_ID ? tierOfPermission(name, type) : undefined

function appRoleOf(assignment: JsonObject, apis: Apis): readonly PermissionContext[] {
  const roleId = textIn(assignment['appRoleId'])
  const resourceId = textIn(assignment['resourceId'])
  if (roleId === undefined || resourceId === undefined) return []
  const api = apis.get(resourceId)
  const permission = roleId === NO_ROLE ? 'default access' : (api?.roles.get(roleId) ?? roleId)
  return [
    present<PermissionContext>({
      permission,
      resource: api?.name ?? textIn(assignment['resourceDisplayName']) ?? resourceId,
      type: 'application',
      tier: tierAt(api, permission, 'application'),
    }),
  ]
}

function delegatedOf(grant: JsonObject, apis: Apis): readonly PermissionContext[] {
  const resourceId = textIn(grant['resourceId'])
  const { scope, consentType } = grant
  if (resourceId === undefined || typeof scope !== 'string') return []
  const api = apis.get(resourceId)
  return scope
    .split(/\s+/)
    .flatMap((name) => textIn(name) ?? [])
    .map((permission) =>
      present<PermissionContext>({
        permission,
        resource: api?.name ?? resourceId,
        type: 'delegated',
        consent: consentType === 'AllPrincipals' ? 'allPrincipals' : 'principal',
        tier: tierAt(api, permission, 'delegated'),
      }),
    )
}

/** Many users can consent to the same permission. */
function distinct(all: readonly PermissionContext[]): readonly PermissionContext[] {
  const keyOf = ({ permission, resource, type, consent }: PermissionContext): string =>
    JSON.stringify([permission, resource, type, consent])
  return [...new Map(all.map((one) => [keyOf(one), one])).values()]
}

const UNCLASSIFIED = 3
const sortKey = ({ tier, type, consent, resource, permission }: PermissionContext): string =>
  [
    tier ?? UNCLASSIFIED,
    type === 'application' ? 0 : 1,
    consent === 'principal' ? 1 : 0,
    resource,
    permission,
  ].join('\0')

function compare(a: PermissionContext, b: PermissionContext): number {
  const [left, right] = [sortKey(a), sortKey(b)]
  if (left === right) return 0
  return left < right ? -1 : 1
}

function notReadOf(what: string, reading: Reading, needs: Needs): string | undefined {
  if (!reading.ok) return `${what}: ${unknownOf(reading.fault, needs).unknown}`
  return reading.more ? `some ${what}: too many` : undefined
}

/** What the identity may do, the most powerful first. */
export function permissionsSection(
  assigned: Reading,
  granted: Reading,
  apis: Apis,
): Bounded<PermissionsContext> {
  if (!(assigned.ok || granted.ok)) {
    const reasons = [unknownOf(assigned.fault, READ_APPLICATIONS), unknownOf(granted.fault, READ_GRANTS)]
    return unread({ unknown: [...new Set(reasons.map(({ unknown }) => unknown))].join(', ') })
  }
  const all = distinct([
    ...(assigned.ok ? assigned.list.flatMap((one) => appRoleOf(one, apis)) : []),
    ...(granted.ok ? granted.list.flatMap((one) => delegatedOf(one, apis)) : []),
  ]).toSorted(compare)
  const [worst] = all
  const kept = all.slice(0, LIMITS.permissions)
  const notRead = [
    notReadOf('application permissions', assigned, READ_APPLICATIONS),
    notReadOf('delegated permissions', granted, READ_GRANTS),
  ].flatMap((text) => text ?? [])
  return {
    section: present<PermissionsContext>({
      worst: worst?.tier === undefined ? undefined : worst,
      granted: kept,
      notRead: notRead.length === 0 ? undefined : notRead.join(', '),
    }),
    leftOut: all.length - kept.length,
  }
}
