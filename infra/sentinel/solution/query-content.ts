import type { Piece, Query, Rule, SavedFunction } from './content.ts'
import {
  type Content,
  inWorkspace,
  type JsonObject,
  literal,
  metadataResource,
  parseJson,
  parseJsonObject,
} from './template-parts.ts'

/** The files write durations and operators as KQL and the repository do; the API has its own forms. */
export const isoDuration = (duration: string): string =>
  `${duration.endsWith('d') ? 'P' : 'PT'}${duration.toUpperCase()}`
const OPERATORS: Readonly<Record<string, string>> = {
  gt: 'GreaterThan',
  lt: 'LessThan',
  eq: 'Equal',
  ne: 'NotEqual',
}

const technique = (id: string): string => id.slice(0, 5)
const unique = (ids: readonly string[]): readonly string[] => [...new Set(ids)]

/** Properties of a rule in the form of the API, switched off. */
export function ruleProperties(rule: Rule): JsonObject {
  const operator = OPERATORS[rule.triggerOperator]
  if (operator === undefined) throw new Error(`${rule.name}: operator ${rule.triggerOperator}`)
  return parseJsonObject({
    displayName: rule.name,
    description: rule.description.trim(),
    enabled: false,
    severity: rule.severity,
    query: rule.query,
    queryFrequency: isoDuration(rule.queryFrequency),
    queryPeriod: isoDuration(rule.queryPeriod),
    triggerOperator: operator,
    triggerThreshold: rule.triggerThreshold,
    suppressionDuration: isoDuration(rule.suppressionDuration ?? '5h'),
    suppressionEnabled: rule.suppressionEnabled ?? false,
    tactics: rule.tactics,
    techniques: unique(rule.relevantTechniques.map(technique)),
    subTechniques: rule.relevantTechniques.filter((id) => id.includes('.')),
    entityMappings: rule.entityMappings,
    customDetails: rule.customDetails,
    alertDetailsOverride: rule.alertDetailsOverride,
    eventGroupingSettings: rule.eventGroupingSettings,
    incidentConfiguration: rule.incidentConfiguration,
  })
}

export function ruleContent({ value: rule }: Piece<Rule>): Content {
  const content = {
    kind: 'AnalyticsRule',
    contentId: rule.id,
    version: rule.version,
    displayName: rule.name,
  } as const
  const properties = {
    ...ruleProperties(rule),
    status: 'Available',
    requiredDataConnectors: parseJson(rule.requiredDataConnectors),
  }
  return {
    ...content,
    template: {
      resources: [
        {
          type: 'Microsoft.SecurityInsights/AlertRuleTemplates',
          apiVersion: '2023-02-01-preview',
          name: rule.id,
          kind: rule.kind,
          location: "[parameters('workspace-location')]",
          properties: literal(properties),
        },
        metadataResource(
          content,
          `[resourceId('Microsoft.SecurityInsights/AlertRuleTemplates', '${rule.id}')]`,
        ),
      ],
    },
  }
}

const savedSearch = (name: string, properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
  apiVersion: '2025-02-01',
  name: inWorkspace(name),
  ...more,
  properties: literal(properties),
})

const savedSearchId = (name: string): string =>
  `[resourceId('Microsoft.OperationalInsights/workspaces/savedSearches', parameters('workspace'), '${name}')]`

export function huntContent({ value: hunt }: Piece<Query>): Content {
  const content = {
    kind: 'HuntingQuery',
    contentId: hunt.id,
    version: hunt.version,
    displayName: hunt.name,
  } as const
  return {
    ...content,
    template: {
      resources: [
        savedSearch(hunt.id, {
          category: 'Hunting Queries',
          displayName: hunt.name,
          query: hunt.query,
          version: 2,
          tags: [
            { name: 'description', value: hunt.description.trim() },
            { name: 'tactics', value: hunt.tactics.join(',') },
            { name: 'techniques', value: hunt.relevantTechniques.join(',') },
          ],
        }),
        metadataResource(content, savedSearchId(hunt.id)),
      ],
    },
  }
}

const functionProperties = ({ alias, title, category, parameters, query }: SavedFunction): JsonObject => ({
  category,
  displayName: title,
  functionAlias: alias,
  functionParameters: parameters,
  query,
  version: 2,
})

/**
 * A function's template, and the function itself: rules and the workbook call it at once.
 * @param previous function that is written before this one: the service refuses two at a time
 */
export function functionContent(
  { value }: Piece<SavedFunction>,
  previous: string | undefined,
): {
  readonly content: Content
  readonly resources: readonly JsonObject[]
} {
  const content = {
    kind: 'Parser',
    contentId: value.alias,
    version: value.version,
    displayName: value.title,
  } as const
  const metadata = metadataResource(content, savedSearchId(value.alias))
  return {
    content: {
      ...content,
      template: { resources: [savedSearch(value.alias, functionProperties(value)), metadata] },
    },
    resources: [
      savedSearch(
        value.alias,
        functionProperties(value),
        previous === undefined ? {} : { dependsOn: [savedSearchId(previous)] },
      ),
      { ...metadata, dependsOn: [savedSearchId(value.alias)] },
    ],
  }
}
