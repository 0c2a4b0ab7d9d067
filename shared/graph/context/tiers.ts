import type { Tier } from '../../domain/identity-context.ts'
import classification from './tiers.json' with { type: 'json' }

/**
 * How powerful a permission or role is, by the enterprise access model: the EntraOps classification
 * of https://github.com/Cloud-Architekt/AzurePrivilegedIAM (MIT; notice, commit and date are in
 * `tiers.json`).
 *
 * To refresh it, take from a later commit the permissions of resource
 * `00000003-0000-0000-c000-000000000000` in `EntraOps_Classification/Classification_ApiPermissions.json`
 * (a permission that is in several tiers counts in the first), and the roles of system `EntraID` in
 * `ClassificationExplorer/data/tier-map.js`; ControlPlane is 0, ManagementPlane 1, UserAccess 2.
 */
const TIERS = [0, 1, 2] as const satisfies readonly Tier[]

export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'

const tierByName = (listOf: (tier: Tier) => string): ReadonlyMap<string, Tier> =>
  new Map(
    TIERS.flatMap((tier) =>
      listOf(tier)
        .split(' ')
        .map((name) => [name, tier] as const),
    ),
  )

const BY_PERMISSION = {
  application: tierByName((tier) => {
    const { both, application } = classification.permissions[tier]
    return `${both} ${application}`
  }),
  delegated: tierByName((tier) => {
    const { both, delegated } = classification.permissions[tier]
    return `${both} ${delegated}`
  }),
}
const BY_ROLE = tierByName((tier) => classification.directoryRoles[tier])

/** The tier of a permission for Microsoft Graph; `undefined` if it is not classified. */
export const tierOfPermission = (name: string, type: 'application' | 'delegated'): Tier | undefined =>
  BY_PERMISSION[type].get(name)

/** The tier of a directory role; `undefined` for custom roles. */
export const tierOfRole = (templateId: string): Tier | undefined => BY_ROLE.get(templateId.toLowerCase())
