import type { DirectoryRoleContext } from '../../domain/identity-context.ts'
import { isJsonObject, type JsonObject } from '../../encoding/json.ts'
import { type Bounded, bounded, unread } from './bounded.ts'
import { present } from './principal.ts'
import { type Needs, type Reading, textIn, unknownOf } from './reading.ts'
import { tierOfRole } from './tiers.ts'

const READ_ROLES: Needs = { permission: 'RoleManagement.Read.Directory' }
const UNCLASSIFIED = 3

/** Active assignments to the principal itself: not through groups, not eligible ones. */
export const rolesPath = (principalId: string): string => {
  const filter = encodeURIComponent(`principalId eq '${principalId.replaceAll("'", "''")}'`)
  return `v1.0/roleManagement/directory/roleAssignments?$filter=${filter}&$expand=roleDefinition`
}

function roleIn(assignment: JsonObject): readonly DirectoryRoleContext[] {
  const definition = isJsonObject(assignment['roleDefinition']) ? assignment['roleDefinition'] : {}
  const id = textIn(definition['templateId']) ?? textIn(assignment['roleDefinitionId'])
  if (id === undefined) return []
  return [
    present<DirectoryRoleContext>({
      roleTemplateId: id,
      name: textIn(definition['displayName']) ?? id,
      scope: textIn(assignment['directoryScopeId']) ?? textIn(assignment['appScopeId']) ?? '/',
      tier: tierOfRole(id),
    }),
  ]
}

/** The most powerful first. */
export function rolesSection(reading: Reading): Bounded<readonly DirectoryRoleContext[]> {
  if (!reading.ok) return unread(unknownOf(reading.fault, READ_ROLES))
  const roles = reading.list
    .flatMap(roleIn)
    .toSorted((a, b) => (a.tier ?? UNCLASSIFIED) - (b.tier ?? UNCLASSIFIED))
  return bounded('directoryRoles', roles, reading.more)
}
