import type { IdentityType } from '../../domain/category.ts'
import type { Instant } from '../../domain/identifiers.ts'
import type { ContextSections, ListSection } from '../../domain/identity-context.ts'
import { MAX_BATCH } from '../batch.ts'
import type { GraphClient } from '../graph-client.ts'
import { type Api, type Apis, apiIdsIn, apiIn, apiPath } from './api.ts'
import type { Bounded } from './bounded.ts'
import { coverageBy, ineligible } from './coverage.ts'
import { APPLICATION_SELECT, credentialsSection, federatedSection } from './credentials.ts'
import { rolesPath, rolesSection } from './directory-roles.ts'
import { permissionsSection } from './permissions.ts'
import type { PolicyCache } from './policy-cache.ts'
import {
  agentKind,
  type ContextIdentity,
  identityIn,
  PRINCIPAL_SELECT,
  principalSection,
  publisherPath,
} from './principal.ts'
import { readPolicies } from './read-policies.ts'
import { type Reading, readAll, textIn } from './reading.ts'
import { ownersSection, PEOPLE_SELECT, sponsorsSection } from './responsible.ts'
import { historySection, riskPath, statesIn } from './risk-history.ts'

/** Whose context to read. */
export interface ContextSubject {
  readonly id: string
  readonly type: IdentityType
  readonly tenantId: string
  readonly level?: string
  readonly state?: string
  /** Key ids that detections name. */
  readonly namedKeyIds: readonly string[]
}

export interface CollectedContext {
  readonly identity: ContextIdentity
  readonly sections: ContextSections
}

type OfPrincipal = Readonly<
  Record<'principal' | 'owners' | 'assigned' | 'granted' | 'roles' | 'risk', Reading>
>
/** What depends on what the first readings say; absent: not asked for. */
type OfOthers = Readonly<
  Partial<Record<'publisher' | 'application' | 'applicationOwners' | 'federated' | 'sponsors', Reading>>
>

function principalPaths(id: string, isAgent: boolean): Readonly<Record<keyof OfPrincipal, string>> {
  const base = `v1.0/servicePrincipals/${encodeURIComponent(id)}`
  return {
    principal: `${base}?${PRINCIPAL_SELECT}`,
    owners: `${base}/owners?${PEOPLE_SELECT}`,
    assigned: `${base}/appRoleAssignments?$top=999`,
    granted: `${base}/oauth2PermissionGrants?$top=999`,
    roles: rolesPath(id),
    risk: riskPath(id, isAgent),
  }
}

/** Paths of the application, which only its own tenant has; of others, of the publisher. */
function applicationPaths(
  principal: Reading,
  { id, tenantId }: ContextSubject,
): Readonly<Record<string, string>> {
  const section = principalSection(principal, tenantId)
  const appId = principal.ok ? textIn(principal.object['appId']) : undefined
  if (!('tenancy' in section) || appId === undefined || section.tenancy === 'managedIdentity') return {}
  if (section.tenancy === 'foreign') return { publisher: publisherPath(id) }
  const base = `v1.0/applications(appId='${encodeURIComponent(appId)}')`
  return {
    application: `${base}?${APPLICATION_SELECT}`,
    applicationOwners: `${base}/owners?${PEOPLE_SELECT}`,
    federated: `${base}/federatedIdentityCredentials`,
  }
}

function sponsorPaths({ id, type }: ContextSubject, principal: Reading): Readonly<Record<string, string>> {
  if (type !== 'agent' || (!principal.ok && principal.fault.kind === 'notFound')) return {}
  const kind = (principal.ok ? agentKind(principal.object) : undefined) ?? 'agentIdentity'
  return {
    sponsors: `v1.0/servicePrincipals/${encodeURIComponent(id)}/microsoft.graph.${kind}/sponsors?${PEOPLE_SELECT}`,
  }
}

/** Others of an identity's APIs are listed by their ids. */
const MAX_APIS = MAX_BATCH - 4

/** The APIs that permissions are for: kept ones, and paths of the others. */
function apisFor({ assigned, granted }: OfPrincipal, cache: PolicyCache, now: Instant) {
  const kept = new Map<string, Api>()
  const paths: Record<string, string> = {}
  for (const id of apiIdsIn([assigned, granted])) {
    const api = cache.apis.get(id, now)
    if (api !== undefined) kept.set(id, api)
    else if (Object.keys(paths).length < MAX_APIS) paths[id] = apiPath(id)
  }
  return { kept, paths }
}

/** An application that is not in the tenant has no part in the context. */
const unlessNotFound = (reading: Reading | undefined): Reading | undefined =>
  reading?.ok === false && reading.fault.kind === 'notFound' ? undefined : reading

function leftOutOf(sections: Readonly<Partial<Record<ListSection, Bounded<unknown>>>>) {
  const more = Object.entries(sections).flatMap(([name, { leftOut }]) =>
    leftOut > 0 ? [[name, leftOut]] : [],
  )
  return more.length === 0 ? {} : { leftOut: Object.fromEntries(more) as Record<ListSection, number> }
}

function sectionsOf(
  subject: ContextSubject,
  of: OfPrincipal,
  others: OfOthers,
  apis: Apis,
  now: Instant,
): Omit<ContextSections, 'conditionalAccess'> {
  const { principal } = of
  const isAgent = subject.type === 'agent'
  const application = unlessNotFound(others.application)
  const lists = {
    owners: ownersSection(of.owners, unlessNotFound(others.applicationOwners)),
    ...(isAgent ? { sponsors: sponsorsSection(others.sponsors) } : {}),
    credentials: credentialsSection(principal, application, subject.namedKeyIds, now),
    federatedCredentials: federatedSection(principal, unlessNotFound(others.federated)),
    permissions: permissionsSection(of.assigned, of.granted, apis),
    directoryRoles: rolesSection(of.roles),
    riskHistory: historySection(of.risk, isAgent),
  }
  return {
    principal: principalSection(principal, subject.tenantId, others.publisher),
    owners: lists.owners.section,
    ...(lists.sponsors === undefined ? {} : { sponsors: lists.sponsors.section }),
    credentials: lists.credentials.section,
    federatedCredentials: lists.federatedCredentials.section,
    permissions: lists.permissions.section,
    directoryRoles: lists.directoryRoles.section,
    riskHistory: lists.riskHistory.section,
    ...leftOutOf(lists),
  }
}

/**
 * Reads what an investigator asks first about an identity, in two or three requests. A section that
 * may not be read says what it needs. Never rejects for a condition of the world.
 * @param policies kept for further identities
 * @returns `unavailable` if Graph is busy or does not answer, or the token is not accepted: try again
 * later
 */
export async function collectContext(
  client: GraphClient,
  subject: ContextSubject,
  now: Instant,
  policies: PolicyCache,
  signal: AbortSignal,
): Promise<CollectedContext | 'unavailable'> {
  const isAgent = subject.type === 'agent'
  const of = await readAll(client, principalPaths(subject.id, isAgent), signal)
  if (of === 'unavailable') return of
  const { principal } = of
  const { kept, paths } = apisFor(of, policies, now)
  const others: Readonly<Record<string, Reading>> | 'unavailable' = await readAll(
    client,
    { ...applicationPaths(principal, subject), ...sponsorPaths(subject, principal), ...paths },
    signal,
  )
  if (others === 'unavailable') return others
  for (const id of Object.keys(paths)) {
    const reading = others[id]
    if (reading?.ok !== true) continue
    const api = apiIn(reading.object)
    kept.set(id, api)
    policies.apis.put(id, api, now)
  }
  const sections = sectionsOf(subject, of, others, kept, now)
  const covered = {
    id: subject.id,
    isAgent,
    agentKind: principal.ok ? agentKind(principal.object) : undefined,
    level: subject.level,
  }
  let conditionalAccess = ineligible(sections.principal, covered)
  if (conditionalAccess === undefined) {
    const read = await readPolicies(client, isAgent, policies, now, signal)
    if (read === 'unavailable') return read
    conditionalAccess = coverageBy(read, covered)
  }
  return {
    identity: identityIn(principal, statesIn(of.risk, isAgent).at(-1)),
    sections: { ...sections, conditionalAccess },
  }
}
