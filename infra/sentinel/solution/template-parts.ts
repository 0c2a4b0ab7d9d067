import { createHash } from 'node:crypto'
import { SOLUTION, SOLUTION_ID, SUPPORT } from './about.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
export type JsonObject = { readonly [name: string]: Json }

/** Kinds of content, each with the letters that stand for it in names. */
const KINDS = {
  AnalyticsRule: 'ar',
  DataConnector: 'dc',
  HuntingQuery: 'hq',
  Parser: 'pr',
  Playbook: 'pl',
  Workbook: 'wb',
} as const
export type ContentKind = keyof typeof KINDS

/** One content template: what it is called, and the template that makes it when it is put to use. */
export interface Content {
  readonly kind: ContentKind
  readonly contentId: string
  readonly version: string
  readonly displayName: string
  readonly template: {
    readonly metadata?: JsonObject
    readonly parameters?: JsonObject
    readonly variables?: JsonObject
    readonly resources: readonly JsonObject[]
  }
}

export const WORKSPACE_ID = "resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace'))"

/** Name of a resource of the provider within the workspace. */
export const inSentinel = (name: string): string =>
  `[concat(parameters('workspace'), '/Microsoft.SecurityInsights/${name}')]`

export const inWorkspace = (name: string): string => `[concat(parameters('workspace'), '/${name}')]`

/** Id of an extension resource on the workspace. */
export const extensionId = (type: string, name: string): string =>
  `[extensionResourceId(${WORKSPACE_ID}, 'Microsoft.SecurityInsights/${type}', '${name}')]`

const hash = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('-')).digest('hex').slice(0, 13)

/** Another id for each version, as the service wants it. */
export const productIdOf = (kind: ContentKind | 'Solution', contentId: string, version: string): string =>
  `${SOLUTION_ID.slice(0, 50)}-${kind === 'Solution' ? 'sl' : KINDS[kind]}-${hash(SOLUTION_ID, kind, contentId, version)}`

/**
 * Text that the deployment takes as it is: a template would evaluate what stands in brackets. What
 * only begins with one is taken as it is anyway, and would keep a second one.
 * @see https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions#escape-characters
 */
export function literal(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('[') && value.endsWith(']') ? `[${value}` : value
  if (Array.isArray(value)) return value.map(literal)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, literal(member)]))
  return value
}

/** Values as JSON has them: no `undefined`, nothing but data. */
export const parseJson = (value: unknown): Json => JSON.parse(JSON.stringify(value))
export const parseJsonObject = (value: object): JsonObject => JSON.parse(JSON.stringify(value))

const SOURCE = { kind: 'Solution', name: SOLUTION.name, sourceId: SOLUTION_ID }

/** Says to which solution and version a piece of content belongs. */
export const metadataResource = (
  { kind, contentId, version }: Pick<Content, 'kind' | 'contentId' | 'version'>,
  parentId: string,
  more: JsonObject = {},
): JsonObject => ({
  type: 'Microsoft.OperationalInsights/workspaces/providers/metadata',
  apiVersion: '2023-04-01-preview',
  name: inSentinel(`${kind}-${contentId}`),
  ...more,
  properties: {
    parentId,
    contentId,
    kind,
    version,
    source: SOURCE,
    author: { name: SOLUTION.author },
    support: SUPPORT,
  },
})

/** A template that appears in the content hub; nothing runs before a person makes something of it. */
export const contentTemplate = (content: Content): JsonObject => {
  const { kind, contentId, version, displayName, template } = content
  return {
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    apiVersion: '2023-04-01-preview',
    name: `[concat(parameters('workspace'), '/Microsoft.SecurityInsights/', parameters('workspace'), '-${KINDS[kind]}-${hash(contentId)}')]`,
    location: "[parameters('workspace-location')]",
    dependsOn: [extensionId('contentPackages', SOLUTION_ID)],
    properties: {
      description: `${displayName}, ${kind} with template version ${SOLUTION.version}`,
      mainTemplate: {
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: '1.0.0.0',
        ...(template.metadata === undefined ? {} : { metadata: template.metadata }),
        parameters: template.parameters ?? {},
        variables: template.variables ?? {},
        resources: template.resources,
      },
      packageKind: 'Solution',
      packageVersion: SOLUTION.version,
      packageName: SOLUTION.name,
      packageId: SOLUTION_ID,
      contentSchemaVersion: '3.0.0',
      contentId,
      contentKind: kind,
      displayName,
      contentProductId: productIdOf(kind, contentId, version),
      id: productIdOf(kind, contentId, version),
      version,
    },
  }
}

/** The solution itself, and what it consists of. */
export const contentPackage = (
  contents: readonly Pick<Content, 'kind' | 'contentId' | 'version'>[],
  watchlists: readonly string[],
  about: { readonly descriptionHtml: string; readonly icon: string },
): JsonObject => ({
  type: 'Microsoft.OperationalInsights/workspaces/providers/contentPackages',
  apiVersion: '2023-04-01-preview',
  location: "[parameters('workspace-location')]",
  name: inSentinel(SOLUTION_ID),
  properties: {
    version: SOLUTION.version,
    kind: 'Solution',
    contentSchemaVersion: '3.0.0',
    displayName: SOLUTION.name,
    publisherDisplayName: SOLUTION.publisher,
    ...about,
    contentKind: 'Solution',
    contentProductId: productIdOf('Solution', SOLUTION_ID, SOLUTION.version),
    id: productIdOf('Solution', SOLUTION_ID, SOLUTION.version),
    contentId: SOLUTION_ID,
    parentId: SOLUTION_ID,
    source: SOURCE,
    author: { name: SOLUTION.author },
    support: SUPPORT,
    dependencies: {
      operator: 'AND',
      criteria: [
        ...contents.map(({ kind, contentId, version }) => ({ kind, contentId, version })),
        ...watchlists.map((contentId) => ({ kind: 'Watchlist', contentId, version: SOLUTION.version })),
      ],
    },
    firstPublishDate: SOLUTION.firstPublishDate,
    providers: [SOLUTION.publisher],
    categories: { domains: SOLUTION.domains },
  },
})
