import { isJsonObject, type JsonObject } from '../json.ts'
import { directoryWrites } from './directory-writes.ts'
import { badRequest, notFound } from './graph-error.ts'
import type { AuthorizedRequest } from './graph-request.ts'
import {
  application,
  appRoleAssignment,
  conditionalAccessPolicy,
  directoryObject,
  type EntityType,
  federatedIdentityCredential,
  oAuth2PermissionGrant,
  organization,
  servicePrincipal,
  unifiedRoleAssignment,
  unifiedRoleDefinition,
} from './odata/entity-type.ts'
import { listPage, oneObject } from './odata/list.ts'
import { type Answer, BOTH, type Route } from './route.ts'
import type { ChildSet, EntitySet, GraphObject, Tenant } from './tenant.ts'

const DIRECTORY = ['Directory.Read.All', 'Directory.ReadWrite.All']
const APPLICATION = ['Application.Read.All', 'Application.ReadWrite.All', ...DIRECTORY]
const SPONSORS = ['AgentIdentity.Read.All', 'AgentIdentity.ReadWrite.All', ...DIRECTORY]
const GRANTS = ['DelegatedPermissionGrant.Read.All', 'DelegatedPermissionGrant.ReadWrite.All', ...DIRECTORY]
const ROLES = ['RoleManagement.Read.Directory', 'RoleManagement.ReadWrite.Directory', ...DIRECTORY]
const POLICIES = ['Policy.Read.All', 'Policy.Read.ConditionalAccess']
const ORGANIZATION = ['Organization.Read.All', ...DIRECTORY]
const PEOPLE = ['User.Read.All', 'User.ReadBasic.All', ...DIRECTORY]

/**
 * What a caller sees of an owner or sponsor whose type it may not read: the type and the id. Source:
 * https://learn.microsoft.com/graph/permissions-overview#limited-information-returned-for-inaccessible-member-objects
 */
const asVisible = (person: GraphObject, { principal }: AuthorizedRequest): GraphObject =>
  PEOPLE.some((permission) => principal.permissions.includes(permission))
    ? person
    : {
        ...Object.fromEntries(
          Object.entries(person).map(([name, value]) => [name, name.startsWith('@') ? value : null]),
        ),
        id: person.id,
      }

/** A policy in v1.0, which has no conditions on agents. */
function withoutAgents(policy: GraphObject): GraphObject {
  const { conditions } = policy
  if (!isJsonObject(conditions)) return policy
  const { agentIdRiskLevels: _, clientApplications, ...others } = conditions
  if (!isJsonObject(clientApplications)) return { ...policy, conditions: others }
  const applications = Object.fromEntries(
    Object.entries(clientApplications).filter(([name]) => !/agentId/i.test(name)),
  )
  return { ...policy, conditions: { ...others, clientApplications: applications } }
}

/** A service principal in v1.0, which does not have the publisher's name. */
function withoutPublisher(principal: GraphObject): GraphObject {
  const { publisherName: _, ...others } = principal
  return others
}

/** What an investigator asks the directory for. @param pageSize of a list without `$top` */
export function directoryRoutes(tenant: Tenant, pageSize: number): readonly Route[] {
  const get = (path: string, permissions: readonly string[], answer: Route['answer']): Route => ({
    method: 'GET',
    versions: BOTH,
    path,
    permissions,
    answer,
  })

  const list = (set: EntitySet, path: string, type: EntityType, permissions: readonly string[]): Route =>
    get(path, permissions, (request) => listPage(request, tenant.all(set), type, pageSize))

  const single = (set: EntitySet, path: string, type: EntityType, permissions: readonly string[]): Route =>
    get(path, permissions, (request, key = '') => {
      const object = tenant.find(set, key)
      return object === undefined ? notFound(key) : oneObject(request, object, type)
    })

  /** A list that hangs on an application or service principal. */
  const listOf = (
    set: 'servicePrincipals' | 'applications',
    path: string,
    type: EntityType,
    permissions: readonly string[],
    objects: (owner: GraphObject, request: AuthorizedRequest) => readonly GraphObject[],
  ): Route =>
    get(`${set}/{key}/${path}`, permissions, (request, key = '') => {
      const owner = tenant.find(set, key)
      return owner === undefined ? notFound(key) : listPage(request, objects(owner, request), type, pageSize)
    })

  const people = (set: ChildSet) => (owner: GraphObject, request: AuthorizedRequest) =>
    tenant.children(set, owner.id).map((person) => asVisible(person, request))

  /** Sponsors of one kind of agent; others are not found by its name. */
  const sponsorsOf = (kind: string): Route =>
    get(`servicePrincipals/{key}/microsoft.graph.${kind}/sponsors`, SPONSORS, (request, key = '') => {
      const owner = tenant.find('servicePrincipals', key)
      return owner?.['@odata.type'] === `#microsoft.graph.${kind}`
        ? listPage(request, people('sponsors')(owner, request), directoryObject, pageSize)
        : notFound(key)
    })

  const whose = (set: EntitySet, property: string) => (owner: GraphObject) =>
    tenant.all(set).filter((object) => object[property] === owner.id)

  function roleAssignments(request: AuthorizedRequest): Answer {
    const expand = request.query.get('$expand')
    if (expand !== null && expand !== 'roleDefinition')
      return badRequest(`Could not find a property named '${expand}'.`)
    const expanded = (assignment: GraphObject): JsonObject & GraphObject => ({
      ...assignment,
      roleDefinition:
        tenant.all('roleDefinitions').find(({ id }) => id === assignment['roleDefinitionId']) ?? null,
    })
    const all = tenant.all('roleAssignments')
    return listPage(request, expand === null ? all : all.map(expanded), unifiedRoleAssignment, pageSize)
  }

  const servicePrincipals = ({ version }: AuthorizedRequest, objects: readonly GraphObject[]) =>
    version === 'beta' ? objects : objects.map(withoutPublisher)

  function oneServicePrincipal(request: AuthorizedRequest, key = ''): Answer {
    const [object] = servicePrincipals(request, [tenant.find('servicePrincipals', key) ?? []].flat())
    return object === undefined
      ? notFound(key)
      : oneObject(request, object, servicePrincipal(request.version))
  }

  const policies = (request: AuthorizedRequest): Answer => {
    const all = tenant.all('conditionalAccessPolicies')
    const shown = request.version === 'beta' ? all : all.map(withoutAgents)
    return listPage(request, shown, conditionalAccessPolicy, pageSize)
  }

  return [
    get('servicePrincipals', APPLICATION, (request) =>
      listPage(
        request,
        servicePrincipals(request, tenant.all('servicePrincipals')),
        servicePrincipal(request.version),
        pageSize,
      ),
    ),
    get('servicePrincipals/{key}', APPLICATION, oneServicePrincipal),
    listOf('servicePrincipals', 'owners', directoryObject, APPLICATION, people('owners')),
    ...['agentIdentity', 'agentIdentityBlueprintPrincipal'].map(sponsorsOf),
    listOf(
      'servicePrincipals',
      'appRoleAssignments',
      appRoleAssignment,
      APPLICATION,
      whose('appRoleAssignments', 'principalId'),
    ),
    listOf(
      'servicePrincipals',
      'oauth2PermissionGrants',
      oAuth2PermissionGrant,
      GRANTS,
      whose('oauth2PermissionGrants', 'clientId'),
    ),
    list('oauth2PermissionGrants', 'oauth2PermissionGrants', oAuth2PermissionGrant, GRANTS),
    list('applications', 'applications', application, APPLICATION),
    single('applications', 'applications/{key}', application, APPLICATION),
    listOf('applications', 'owners', directoryObject, APPLICATION, people('owners')),
    listOf(
      'applications',
      'federatedIdentityCredentials',
      federatedIdentityCredential,
      APPLICATION,
      ({ id }) => tenant.children('federatedIdentityCredentials', id),
    ),
    get('roleManagement/directory/roleAssignments', ROLES, roleAssignments),
    single('roleDefinitions', 'roleManagement/directory/roleDefinitions/{id}', unifiedRoleDefinition, ROLES),
    get('identity/conditionalAccess/policies', POLICIES, policies),
    list('organization', 'organization', organization, ORGANIZATION),
    single('users', 'users/{key}', directoryObject, PEOPLE),
    ...directoryWrites(tenant),
  ]
}
