import type { PrincipalContext, Section } from '../../domain/identity-context.ts'
import { isJsonObject, type JsonObject } from '../../encoding/json.ts'
import { READ_APPLICATIONS, type Reading, textIn, timeIn, unknownOf } from './reading.ts'

export const PRINCIPAL_SELECT =
  '$select=id,appId,displayName,servicePrincipalType,accountEnabled,appOwnerOrganizationId,signInAudience,verifiedPublisher,disabledByMicrosoftStatus,createdDateTime,keyCredentials,passwordCredentials'

type Tenancy = Extract<PrincipalContext, { readonly presence: 'found' }>['tenancy']

/** https://learn.microsoft.com/graph/api/resources/application: `signInAudience` */
const TENANCY_OF: Readonly<Record<string, Tenancy>> = {
  AzureADMyOrg: 'singleTenant',
  AzureADMultipleOrgs: 'multiTenant',
  AzureADandPersonalMicrosoftAccount: 'multiTenant',
  PersonalMicrosoftAccount: 'multiTenant',
}

function tenancyOf(object: JsonObject, tenantId: string): Tenancy {
  if (object['servicePrincipalType'] === 'ManagedIdentity') return 'managedIdentity'
  const owner = textIn(object['appOwnerOrganizationId'])
  if (owner === undefined) return 'unknown'
  if (owner.toLowerCase() !== tenantId.toLowerCase()) return 'foreign'
  return TENANCY_OF[textIn(object['signInAudience']) ?? ''] ?? 'unknown'
}

/** Drops members without a value. */
export function present<T extends object>(object: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}

const flagIn = (object: JsonObject, name: string): boolean | undefined => {
  const value = object[name]
  return typeof value === 'boolean' ? value : undefined
}

/** Only beta has it, and only applications of other tenants have one that says something. */
export const publisherPath = (id: string): string =>
  `beta/servicePrincipals/${encodeURIComponent(id)}?$select=publisherName`

function foundOf(object: JsonObject, tenantId: string, publisherName: string | undefined): PrincipalContext {
  const publisher = isJsonObject(object['verifiedPublisher']) ? object['verifiedPublisher'] : {}
  return present({
    presence: 'found' as const,
    servicePrincipalType: textIn(object['servicePrincipalType']),
    enabled: flagIn(object, 'accountEnabled'),
    tenancy: tenancyOf(object, tenantId),
    appOwnerOrganizationId: textIn(object['appOwnerOrganizationId']),
    signInAudience: textIn(object['signInAudience']),
    publisherName,
    verifiedPublisher: textIn(publisher['displayName']),
    disabledByMicrosoftStatus: textIn(object['disabledByMicrosoftStatus']),
    createdAt: timeIn(object['createdDateTime']),
  })
}

/** @param published what `publisherPath` says, if it was asked */
export function principalSection(
  reading: Reading,
  tenantId: string,
  published?: Reading,
): Section<PrincipalContext> {
  if (reading.ok) {
    const publisherName = published?.ok === true ? textIn(published.object['publisherName']) : undefined
    return foundOf(reading.object, tenantId, publisherName)
  }
  return reading.fault.kind === 'notFound'
    ? { presence: 'notFound' }
    : unknownOf(reading.fault, READ_APPLICATIONS)
}

/** Who it is, as far as could be read. */
export interface ContextIdentity {
  readonly appId?: string
  readonly displayName?: string
  readonly subtype?: string
  readonly enabled?: boolean
}

/** An agent's kind in the directory, such as `agentIdentity`. */
export const agentKind = (object: JsonObject): string | undefined =>
  /\.(agentIdentity\w*)$/.exec(textIn(object['@odata.type']) ?? '')?.[1]

/** @param latest last item of the risk history, which outlives a service principal */
export function identityIn(reading: Reading, latest: JsonObject | undefined): ContextIdentity {
  const object = reading.ok ? reading.object : (latest ?? {})
  return present({
    appId: textIn(object['appId']),
    displayName: textIn(object['displayName']) ?? textIn(object['agentDisplayName']),
    subtype: agentKind(object) ?? textIn(object['servicePrincipalType']) ?? textIn(object['identityType']),
    enabled: reading.ok ? flagIn(object, 'accountEnabled') : undefined,
  })
}
