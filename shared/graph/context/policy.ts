import type { CoverageContext } from '../../domain/identity-context.ts'
import { isJsonObject, type Json, type JsonObject } from '../../encoding/json.ts'
import { textIn } from './reading.ts'

/** Whom a policy is for, and at which levels of risk. */
export interface PolicyTarget {
  /** Object ids, or a name for all; in lower case. */
  readonly include: ReadonlySet<string>
  readonly exclude: ReadonlySet<string>
  /** How a filter on custom security attributes changes who is included. */
  readonly filter: 'include' | 'exclude' | undefined
  /** None: at every level. */
  readonly levels: ReadonlySet<string>
}

/** A Conditional Access policy that blocks workload identities. */
export interface BlockingPolicy {
  readonly listed: CoverageContext['policies'][number]
  readonly servicePrincipals: PolicyTarget
  readonly agents: PolicyTarget
  /** Why it may let a sign-in pass all the same. */
  readonly dependsOn: string | undefined
}

const STATE_OF: Readonly<Record<string, 'enabled' | 'reportOnly'>> = {
  enabled: 'enabled',
  enabledForReportingButNotEnforced: 'reportOnly',
}

const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})

/** The texts of a list, or of a multivalued enumeration (`low,medium`). */
function textsIn(value: Json | undefined): ReadonlySet<string> {
  const all = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? (value as Json[]) : []
  return new Set(all.flatMap((text) => textIn(text)?.trim().toLowerCase() ?? []))
}

function filterIn(value: Json | undefined): PolicyTarget['filter'] {
  if (!isJsonObject(value)) return undefined
  return textIn(value['mode'])?.toLowerCase() === 'exclude' ? 'exclude' : 'include'
}

/** Whether a condition is for all but none in particular. */
const isForAll = (include: Json | undefined, ...others: readonly (Json | undefined)[]): boolean =>
  textsIn(include).has('all') && others.every((other) => textsIn(other).size === 0)

function dependsOn(conditions: JsonObject): string | undefined {
  const { locations } = conditions
  const applications = objectIn(conditions['applications'])
  const { includeApplications, excludeApplications, applicationFilter } = applications
  if (!isForAll(includeApplications, excludeApplications) || isJsonObject(applicationFilter))
    return 'blocks only some resources'
  if (!isJsonObject(locations)) return undefined
  return isForAll(locations['includeLocations'], locations['excludeLocations'])
    ? undefined
    : 'depends on where it signs in from'
}

/**
 * A policy as Graph has it; `undefined` if it does not block workload identities.
 * https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
 */
export function blockingPolicy(object: JsonObject): BlockingPolicy | undefined {
  const state = STATE_OF[textIn(object['state']) ?? '']
  const conditions = objectIn(object['conditions'])
  const clients = conditions['clientApplications']
  const controls = objectIn(object['grantControls'])['builtInControls']
  if (state === undefined || !isJsonObject(clients) || !textsIn(controls).has('block')) return undefined
  return {
    listed: { id: textIn(object['id']) ?? '', name: textIn(object['displayName']) ?? '', state },
    servicePrincipals: {
      include: textsIn(clients['includeServicePrincipals']),
      exclude: textsIn(clients['excludeServicePrincipals']),
      filter: filterIn(clients['servicePrincipalFilter']),
      levels: textsIn(conditions['servicePrincipalRiskLevels']),
    },
    agents: {
      include: textsIn(clients['includeAgentIdServicePrincipals']),
      exclude: textsIn(clients['excludeAgentIdServicePrincipals']),
      filter: filterIn(clients['agentIdServicePrincipalFilter']),
      levels: textsIn(conditions['agentIdRiskLevels']),
    },
    dependsOn: dependsOn(conditions),
  }
}
