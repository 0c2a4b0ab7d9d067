import type { LocalAuthority } from '../tls/local-authority.ts'

/** Who may call: an application's own identity, or an operator who has signed in. */
export interface GraphPrincipal {
  /** Object id; `initiatedBy` of what the principal does. */
  readonly id: string
  /** Whether a bearer token is this principal's, made for Microsoft Graph, and has not expired. */
  readonly holds: (token: string) => boolean
  /** Names of permissions, such as `IdentityRiskEvent.Read.All`. */
  readonly permissions: readonly string[]
}

/** Licences that identity protection asks for. */
export type GraphLicence = 'workloadIdentitiesPremium' | 'entraIdP2'

export interface GraphOptions {
  readonly authority: LocalAuthority
  readonly principals: readonly GraphPrincipal[]
  /** Default: both. */
  readonly licences?: readonly GraphLicence[]
  readonly nowMs: () => number
  /** Objects of a page without `$top`; default 20. */
  readonly pageSize?: number
  /** Whether identity protection takes one request a second, as in Azure. Default true. */
  readonly throttled?: boolean
  /** Default: a free port. */
  readonly port?: number
}
