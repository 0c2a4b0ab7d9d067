import type { CategoryMeaning, IdentityType } from '../domain/category.ts'

/** Names of a category's fields in `properties`; of several, the first that is present is read. */
export interface FieldNames {
  readonly identityId: readonly [string, ...string[]]
  readonly displayName: readonly string[]
  /** Users have none. */
  readonly subtype?: string
  readonly lastUpdated: readonly [string, ...string[]]
}

type ByIdentity = Readonly<Record<IdentityType, FieldNames>>

// Agents have "modified" where others have "updated".
const detections: ByIdentity = {
  servicePrincipal: {
    identityId: ['servicePrincipalId'],
    displayName: ['servicePrincipalDisplayName'],
    subtype: 'servicePrincipalType',
    lastUpdated: ['lastUpdatedDateTime'],
  },
  agent: {
    identityId: ['agentId'],
    displayName: ['agentDisplayName'],
    subtype: 'identityType',
    lastUpdated: ['lastModifiedDateTime', 'lastUpdatedDateTime'],
  },
  user: {
    identityId: ['userId'],
    displayName: ['userDisplayName'],
    lastUpdated: ['lastUpdatedDateTime'],
  },
}

const identities: ByIdentity = {
  servicePrincipal: {
    identityId: ['id'],
    displayName: ['displayName'],
    subtype: 'servicePrincipalType',
    lastUpdated: ['riskLastUpdatedDateTime'],
  },
  agent: {
    identityId: ['id', 'agentId'],
    displayName: ['agentDisplayName', 'displayName'],
    subtype: 'identityType',
    lastUpdated: ['riskLastModifiedDateTime', 'riskLastUpdatedDateTime'],
  },
  user: {
    identityId: ['id'],
    displayName: ['userDisplayName'],
    lastUpdated: ['riskLastUpdatedDateTime'],
  },
}

/** Names of the fields that differ between categories. */
export const fieldNames = ({ kind, identityType }: CategoryMeaning): FieldNames =>
  (kind === 'riskDetection' ? detections : identities)[identityType]
