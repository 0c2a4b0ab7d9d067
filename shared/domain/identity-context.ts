import type { CONTEXT_CATEGORY } from './category.ts'
import type { EventId, FactKey, Instant, TenantId } from './identifiers.ts'
import type { Identity, LastUpdatedFrom, Origin, Risk } from './risk-event.ts'

/** A section that could not be read, and why: `needs Application.Read.All`. */
export interface Unknown {
  readonly unknown: string
}
export type Section<T> = T | Unknown

/** On which directory object something is: the service principal, or its application. */
export type Holder = 'servicePrincipal' | 'application'

/** What the service principal is; `notFound` if it has been deleted since. */
export type PrincipalContext =
  | { readonly presence: 'notFound' }
  | {
      readonly presence: 'found'
      readonly servicePrincipalType?: string
      readonly enabled?: boolean
      /** Who owns the application, and who may use it. */
      readonly tenancy: 'singleTenant' | 'multiTenant' | 'foreign' | 'managedIdentity' | 'unknown'
      readonly appOwnerOrganizationId?: string
      readonly signInAudience?: string
      readonly publisherName?: string
      readonly verifiedPublisher?: string
      /** `DisabledDueToViolationOfServicesAgreement` and others, as Microsoft sends them. */
      readonly disabledByMicrosoftStatus?: string
      /** ISO 8601. */
      readonly createdAt?: string
    }

/** An owner or sponsor. Names are not kept: the archive is write-once. */
export interface ResponsibleContext {
  readonly on: Holder
  readonly id: string
  /** `user`, `servicePrincipal`, `group`. */
  readonly type: string
}

/** A password or certificate; never its secret. */
export interface CredentialContext {
  /** On a service principal itself, it is a finding: applications carry their credentials. */
  readonly on: Holder
  readonly type: 'password' | 'certificate'
  readonly keyId: string
  /** ISO 8601. */
  readonly startsAt?: string
  readonly endsAt?: string
  readonly ageDays?: number
  readonly expired: boolean
  /** Signs tokens (SAML); cannot be used to sign in. */
  readonly signsTokens?: true
  /** Whether a detection names it in its key ids. */
  readonly namedByDetection: boolean
}

export interface FederatedCredentialContext {
  readonly on: Holder
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/** 0: control plane of the tenant; 1: management; 2: workload or user access. */
export type Tier = 0 | 1 | 2

export interface PermissionContext {
  readonly permission: string
  /** Name of the API that it is for, such as `Microsoft Graph`. */
  readonly resource: string
  readonly type: 'application' | 'delegated'
  /** Delegated permissions: for everybody, or for single users. */
  readonly consent?: 'allPrincipals' | 'principal'
  /** Absent: not in the classification. */
  readonly tier?: Tier
}

export interface PermissionsContext {
  /** The most powerful one. */
  readonly worst?: PermissionContext
  /** The most powerful first. */
  readonly granted: readonly PermissionContext[]
  /** What is missing, and why: `delegated permissions: needs DelegatedPermissionGrant.Read.All`. */
  readonly notRead?: string
}

export interface DirectoryRoleContext {
  readonly roleTemplateId: string
  readonly name: string
  /** `/` is the whole tenant. */
  readonly scope: string
  readonly tier?: Tier
}

export interface RiskHistoryContext {
  /** ISO 8601. */
  readonly at: string
  readonly level?: string
  readonly state?: string
  readonly detail?: string
}

/** Whether Conditional Access stops the identity at its risk level. */
export interface CoverageContext {
  readonly coverage: 'blocked' | 'reportOnly' | 'notCovered' | 'notEligible' | 'unknown'
  /** For `notEligible` and `unknown`. */
  readonly reason?: string
  /** Policies that decide it. */
  readonly policies: readonly {
    readonly id: string
    readonly name: string
    readonly state: 'enabled' | 'reportOnly'
  }[]
}

/** Sections that are lists, and hold a limited number. */
export type ListSection =
  | 'owners'
  | 'sponsors'
  | 'credentials'
  | 'federatedCredentials'
  | 'permissions'
  | 'directoryRoles'
  | 'riskHistory'

/** What an investigator asks first about an identity, as read from Microsoft Graph. */
export interface ContextSections {
  readonly principal: Section<PrincipalContext>
  readonly owners: Section<readonly ResponsibleContext[]>
  /** Agents only. */
  readonly sponsors?: Section<readonly ResponsibleContext[]>
  readonly credentials: Section<readonly CredentialContext[]>
  readonly federatedCredentials: Section<readonly FederatedCredentialContext[]>
  readonly permissions: Section<PermissionsContext>
  readonly directoryRoles: Section<readonly DirectoryRoleContext[]>
  readonly riskHistory: Section<readonly RiskHistoryContext[]>
  readonly conditionalAccess: CoverageContext
  /** How many more a section has than it holds, at least; absent if none. */
  readonly leftOut?: Readonly<Partial<Record<ListSection, number>>>
}

/** Context of an identity at risk. It takes the same path as every record: hub, archive, sinks. */
export interface IdentityContext {
  readonly kind: 'identityContext'
  readonly eventId: EventId
  readonly factKey: FactKey
  readonly origin: Origin
  readonly category: typeof CONTEXT_CATEGORY
  readonly tenantId: TenantId
  readonly identity: Identity
  /** The level and state that made the exporter ask. */
  readonly risk: Risk
  /** When it was read. */
  readonly lastUpdatedAt: Instant
  readonly lastUpdatedFrom?: LastUpdatedFrom
  readonly context: Partial<ContextSections>
}
