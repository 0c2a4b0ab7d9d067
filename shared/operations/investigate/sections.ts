import type {
  ContextSections,
  CoverageContext,
  CredentialContext,
  DirectoryRoleContext,
  Holder,
  ListSection,
  PermissionContext,
  PrincipalContext,
  ResponsibleContext,
  RiskHistoryContext,
  Section,
  Tier,
  Unknown,
} from '../../domain/identity-context.ts'
import { isJsonObject, type Json, type JsonObject } from '../../encoding/json.ts'

export const isUnknown = (section: unknown): section is Unknown =>
  typeof section === 'object' && section !== null && 'unknown' in section

/** The value of a section, if it is known. */
export const knownIn = <T>(section: Section<T> | undefined): T | undefined =>
  section === undefined || isUnknown(section) ? undefined : section

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d/

/** The instant of an ISO 8601 time; NaN for anything else. */
export const msOf = (iso: string | undefined): number =>
  ISO.test(iso ?? '') ? Date.parse(iso ?? '') : Number.NaN

const NOT_READ: Unknown = { unknown: 'not read' }

const text = (object: JsonObject, name: string): string | undefined => {
  const value = object[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}
const flag = (object: JsonObject, name: string): boolean | undefined => {
  const value = object[name]
  return typeof value === 'boolean' ? value : undefined
}

const texts = (object: JsonObject, ...names: readonly string[]) =>
  Object.fromEntries(
    names.flatMap((name) => (text(object, name) === undefined ? [] : [[name, text(object, name)]])),
  )

const holder = (object: JsonObject): Holder =>
  object['on'] === 'application' ? 'application' : 'servicePrincipal'
const tier = (object: JsonObject): Partial<{ readonly tier: Tier }> => {
  const value = object['tier']
  return value === 0 || value === 1 || value === 2 ? { tier: value } : {}
}

const unknownOf = (section: Json | undefined): Unknown =>
  isJsonObject(section) && typeof section['unknown'] === 'string' ? { unknown: section['unknown'] } : NOT_READ

const list = <T>(section: Json | undefined, read: (object: JsonObject) => T): Section<readonly T[]> =>
  Array.isArray(section)
    ? (section as readonly Json[]).flatMap((one) => (isJsonObject(one) ? [read(one)] : []))
    : unknownOf(section)

const responsible = (object: JsonObject): ResponsibleContext => ({
  on: holder(object),
  id: text(object, 'id') ?? '',
  type: text(object, 'type') ?? 'unknown',
})

const credential = (object: JsonObject): CredentialContext => ({
  on: holder(object),
  type: object['type'] === 'certificate' ? 'certificate' : 'password',
  keyId: (text(object, 'keyId') ?? '').toLowerCase(),
  ...texts(object, 'startsAt', 'endsAt'),
  expired: flag(object, 'expired') ?? false,
  ...(object['signsTokens'] === true ? { signsTokens: true as const } : {}),
  namedByDetection: flag(object, 'namedByDetection') ?? false,
})

const federated = (object: JsonObject) => ({
  on: holder(object),
  name: text(object, 'name') ?? '',
  issuer: text(object, 'issuer') ?? '',
  subject: text(object, 'subject') ?? '',
  audiences: [],
})

const permission = (object: JsonObject): PermissionContext => ({
  permission: text(object, 'permission') ?? '',
  resource: text(object, 'resource') ?? '',
  type: object['type'] === 'delegated' ? 'delegated' : 'application',
  ...(object['consent'] === 'allPrincipals' || object['consent'] === 'principal'
    ? { consent: object['consent'] }
    : {}),
  ...tier(object),
})

function permissions(section: Json | undefined): ContextSections['permissions'] {
  if (!isJsonObject(section) || !Array.isArray(section['granted'])) return unknownOf(section)
  const { worst } = section
  return {
    ...(isJsonObject(worst) ? { worst: permission(worst) } : {}),
    granted: knownIn(list(section['granted'], permission)) ?? [],
    ...texts(section, 'notRead'),
  }
}

const role = (object: JsonObject): DirectoryRoleContext => ({
  roleTemplateId: text(object, 'roleTemplateId') ?? '',
  name: text(object, 'name') ?? text(object, 'roleTemplateId') ?? '',
  scope: text(object, 'scope') ?? '',
  ...tier(object),
})

const historyItem = (object: JsonObject): RiskHistoryContext => ({
  at: text(object, 'at') ?? '',
  ...texts(object, 'level', 'state', 'detail'),
})

const TENANCIES = ['singleTenant', 'multiTenant', 'foreign', 'managedIdentity'] as const

function principal(section: Json | undefined): Section<PrincipalContext> {
  if (!isJsonObject(section)) return NOT_READ
  if (section['presence'] === 'notFound') return { presence: 'notFound' }
  if (section['presence'] !== 'found') return unknownOf(section)
  const enabled = flag(section, 'enabled')
  return {
    presence: 'found',
    tenancy: TENANCIES.find((one) => one === section['tenancy']) ?? 'unknown',
    ...texts(section, 'servicePrincipalType', 'appOwnerOrganizationId', 'signInAudience', 'publisherName'),
    ...texts(section, 'disabledByMicrosoftStatus', 'createdAt', 'verifiedPublisher'),
    ...(enabled === undefined ? {} : { enabled }),
  }
}

const policy = (object: JsonObject): CoverageContext['policies'][number] => ({
  id: text(object, 'id') ?? '',
  name: text(object, 'name') ?? text(object, 'id') ?? '',
  state: object['state'] === 'enabled' ? 'enabled' : 'reportOnly',
})

const COVERAGES = ['blocked', 'reportOnly', 'notCovered', 'notEligible'] as const

function coverage(section: Json | undefined): CoverageContext {
  if (!isJsonObject(section)) return { coverage: 'unknown', reason: NOT_READ.unknown, policies: [] }
  return {
    coverage: COVERAGES.find((one) => one === section['coverage']) ?? 'unknown',
    ...texts(section, 'reason'),
    policies: knownIn(list(section['policies'], policy)) ?? [],
  }
}

const leftOut = (counts: Json | undefined): Readonly<Partial<Record<ListSection, number>>> =>
  isJsonObject(counts)
    ? Object.fromEntries(Object.entries(counts).filter(([, count]) => typeof count === 'number'))
    : {}

/**
 * The sections of an archived context. Whoever may send to the hub wrote them: what is missing or
 * of another form is unknown.
 */
export function sectionsOf(context: JsonObject): ContextSections {
  const { sponsors } = context
  return {
    principal: principal(context['principal']),
    owners: list(context['owners'], responsible),
    ...(sponsors === undefined ? {} : { sponsors: list(sponsors, responsible) }),
    credentials: list(context['credentials'], credential),
    federatedCredentials: list(context['federatedCredentials'], federated),
    permissions: permissions(context['permissions']),
    directoryRoles: list(context['directoryRoles'], role),
    riskHistory: list(context['riskHistory'], historyItem),
    conditionalAccess: coverage(context['conditionalAccess']),
    leftOut: leftOut(context['leftOut']),
  }
}
