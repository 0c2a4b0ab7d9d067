import type { Rule } from './content.ts'
import { isoDuration } from './query-content.ts'
import { type JsonObject, parseJsonObject } from './template-parts.ts'

/**
 * Entities and identifiers that custom detections know, of those that rules use, and what Microsoft
 * Graph calls their columns. Source: https://learn.microsoft.com/graph/api/resources/security-entitymappingconfiguration
 */
const ENTITIES: Readonly<
  Record<string, { readonly collection: string; readonly columns: Readonly<Record<string, string>> }>
> = {
  Account: {
    collection: 'accounts',
    columns: { AadUserId: 'aadUserIdColumn', Name: 'nameColumn', UPNSuffix: 'upnSuffixColumn' },
  },
  CloudApplication: {
    collection: 'cloudApplications',
    columns: { AppId: 'appIdColumn', Name: 'nameColumn' },
  },
  IP: { collection: 'ips', columns: { Address: 'addressColumn' } },
}

interface Mapping {
  readonly entityType: string
  readonly fieldMappings: readonly { readonly identifier: string; readonly columnName: string }[]
}

const identifiers = (mappings: readonly Mapping[]) =>
  mappings.flatMap(({ entityType, fieldMappings }) =>
    fieldMappings.map(({ identifier }) => ({ entityType, identifier })),
  )

function entityMappings(mappings: readonly Mapping[]): Readonly<Record<string, readonly object[]>> {
  const found: Record<string, object[]> = {}
  for (const { entityType, fieldMappings } of mappings) {
    const known = ENTITIES[entityType]
    const columns = fieldMappings.flatMap(({ identifier, columnName }) => {
      const property = known?.columns[identifier]
      return property === undefined ? [] : [[property, columnName] as const]
    })
    if (known !== undefined && columns.length > 0)
      found[known.collection] = [...(found[known.collection] ?? []), Object.fromEntries(columns)]
  }
  return found
}

/** A rule as a custom detection, or why it cannot be one. */
export type CustomDetection =
  | { readonly can: true; readonly rule: JsonObject; readonly loses: readonly string[] }
  | { readonly can: false; readonly because: string }

/** The alert template's texts: the columns of a name stand in double braces there too. */
interface Override {
  readonly alertDisplayNameFormat?: string
  readonly alertDescriptionFormat?: string
  readonly alertSeverityColumnName?: string
  readonly alertTacticsColumnName?: string
}

/**
 * The body of `POST /beta/security/rules/detectionRules`, switched off. A custom detection alerts on
 * every row of its query, has one severity, and needs an account.
 */
export function customDetection(rule: Rule): CustomDetection {
  const mappings = (rule.entityMappings ?? []) as readonly Mapping[]
  const entities = entityMappings(mappings)
  if (entities['accounts'] === undefined) return { can: false, because: 'it is about no account' }
  if (rule.triggerOperator !== 'gt' || rule.triggerThreshold !== 0)
    return { can: false, because: 'it does not alert on every row' }
  const override = (rule.alertDetailsOverride ?? {}) as Override
  const loses = [
    ...(override.alertSeverityColumnName === undefined ? [] : ['severity of the row']),
    ...(override.alertTacticsColumnName === undefined ? [] : ['tactic of the row']),
    ...new Set(
      identifiers(mappings)
        .filter(({ entityType, identifier }) => ENTITIES[entityType]?.columns[identifier] === undefined)
        .map(({ entityType, identifier }) => `${entityType}.${identifier}`),
    ),
  ]
  const [tactic] = rule.tactics
  return {
    can: true,
    loses,
    rule: parseJsonObject({
      '@odata.type': '#microsoft.graph.security.detectionRule',
      id: rule.id,
      displayName: rule.name,
      description: rule.description.trim(),
      status: 'disabled',
      queryCondition: { queryText: rule.query },
      schedule: { frequency: isoDuration(rule.queryFrequency), lookback: isoDuration(rule.queryPeriod) },
      detectionAction: {
        alertTemplate: {
          title: override.alertDisplayNameFormat ?? rule.name,
          description: override.alertDescriptionFormat ?? rule.description.trim(),
          severity: rule.severity.toLowerCase(),
          customDetails: rule.customDetails,
          entityMappings: entities,
          // Techniques belong to a tactic there: of several it is not known to which.
          tactics:
            rule.tactics.length === 1
              ? [{ tactic, techniques: rule.relevantTechniques.map((technique) => ({ technique })) }]
              : rule.tactics.map((name) => ({ tactic: name, techniques: [] })),
        },
      },
    }),
  }
}
