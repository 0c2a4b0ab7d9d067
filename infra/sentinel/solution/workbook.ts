import { createHash } from 'node:crypto'
import { load } from 'js-yaml'
import { WORKBOOK } from './about.ts'
import { type JsonObject, parseJsonObject } from './template-parts.ts'

interface Tile {
  readonly name: string
  readonly title: string
  /** Definitions that the query begins with. */
  readonly uses?: readonly string[]
  readonly query: string
  /** A fixed range; without it that of the parameter. */
  readonly range?: '90d'
  readonly shows: string
  readonly size?: number
  readonly width?: number
  /** Said in place of an empty table or chart. */
  readonly empty: string
  /** Parameter that must have a value. */
  readonly needs?: string
  /** What a chosen row puts into a parameter. */
  readonly exports?: { readonly field: string; readonly parameter: string }
  readonly settings?: object
}
interface Source {
  readonly definitions: Readonly<Record<string, string>>
  readonly note: string
  readonly tabs: readonly { readonly name: string; readonly label: string; readonly tiles: readonly Tile[] }[]
}

const DAY_MS = 86_400_000
const OF_WORKSPACE = { queryType: 0, resourceType: 'microsoft.operationalinsights/workspaces' }

const idOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
const parameter = (name: string, label: string, more: object) => ({
  id: idOf(`parameter ${name}`),
  version: 'KqlParameterItem/1.0',
  name,
  label,
  ...more,
})

const TENANTS = `union isfuzzy=true
    (datatable(TimeGenerated: datetime, EntraTenantId: string) []),
    (EntraRiskDetections_CL | project TimeGenerated, EntraTenantId),
    (EntraRiskyIdentities_CL | project TimeGenerated, EntraTenantId),
    (EntraRiskExportHealth_CL | project TimeGenerated, EntraTenantId)
| where TimeGenerated > ago(90d) and isnotempty(EntraTenantId)
| distinct EntraTenantId
| sort by EntraTenantId asc`

const parameters = {
  type: 9,
  content: {
    version: 'KqlParameterItem/1.0',
    parameters: [
      parameter('TimeRange', 'Time range', {
        type: 4,
        isRequired: true,
        value: { durationMs: 30 * DAY_MS },
        typeSettings: {
          selectableValues: [1, 7, 14, 30, 90].map((days) => ({ durationMs: days * DAY_MS })),
          allowCustom: true,
        },
      }),
      parameter('Tenant', 'Tenant', {
        type: 2,
        isRequired: true,
        multiSelect: true,
        quote: '"',
        delimiter: ',',
        query: TENANTS,
        value: ['value::all'],
        typeSettings: {
          additionalResourceOptions: ['value::all'],
          selectAllValue: '*',
          showDefault: false,
        },
        timeContext: { durationMs: 90 * DAY_MS },
        ...OF_WORKSPACE,
      }),
      parameter('Archive', 'Address of the archive', {
        type: 1,
        description: 'https://ACCOUNT.blob.core.windows.net/archive: evidence then links to its blob.',
        value: '',
      }),
    ],
    style: 'pills',
    ...OF_WORKSPACE,
  },
  name: 'parameters',
}

function tileItem(tile: Tile, definitions: Source['definitions']) {
  const used = (tile.uses ?? []).map((name) => {
    const definition = definitions[name]
    if (definition === undefined) throw new Error(`${tile.name} uses ${name}, which is not defined`)
    return definition
  })
  return {
    type: 3,
    content: {
      version: 'KqlItem/1.0',
      query: [...used, tile.query].join('').trimEnd(),
      size: tile.size ?? 0,
      title: tile.title,
      noDataMessage: tile.empty,
      ...(tile.range === undefined
        ? { timeContextFromParameter: 'TimeRange' }
        : { timeContext: { durationMs: 90 * DAY_MS } }),
      ...(tile.exports === undefined
        ? {}
        : {
            exportedParameters: [
              {
                fieldName: tile.exports.field,
                parameterName: tile.exports.parameter,
                parameterType: 1,
                defaultValue: '',
              },
            ],
          }),
      ...OF_WORKSPACE,
      visualization: tile.shows,
      ...tile.settings,
    },
    ...(tile.width === undefined ? {} : { customWidth: String(tile.width) }),
    ...(tile.needs === undefined
      ? {}
      : { conditionalVisibility: { parameterName: tile.needs, comparison: 'isNotEqualTo', value: '' } }),
    name: tile.name,
  }
}

/** The workbook as it is deployed, of its short form. */
export function workbook(yaml: string): JsonObject {
  const { definitions, note, tabs } = load(yaml) as Source
  return parseJsonObject({
    version: 'Notebook/1.0',
    items: [
      { type: 1, content: { json: note.trimEnd() }, name: 'title' },
      parameters,
      {
        type: 11,
        content: {
          version: 'LinkItem/1.0',
          style: 'tabs',
          links: tabs.map(({ name, label }) => ({
            id: idOf(`tab ${name}`),
            cellValue: 'Tab',
            linkTarget: 'parameter',
            linkLabel: label,
            subTarget: name,
            style: 'link',
          })),
        },
        name: 'tabs',
      },
      ...tabs.map(({ name, tiles }) => ({
        type: 12,
        content: {
          version: 'NotebookGroup/1.0',
          groupType: 'editable',
          items: tiles.map((tile) => tileItem(tile, definitions)),
        },
        conditionalVisibility: { parameterName: 'Tab', comparison: 'isEqualTo', value: name },
        name,
      })),
    ],
    fromTemplateId: WORKBOOK.templateId,
    $schema: 'https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json',
  })
}
