import { CONNECTOR_ID } from '../../../infra/sentinel/solution/about.ts'
import { parsers, type Rule } from './sentinel-content.ts'
import { calledBy, WORKSPACE_TABLES } from './workspace.ts'

/** Who fills a table. The workspace itself writes alerts and the daily rows of open risk. */
function connectorOf(table: string): string | undefined {
  if (['SecurityAlert', 'EntraWorkloadRiskState_CL'].includes(table)) return undefined
  if (table.endsWith('_CL')) return CONNECTOR_ID
  if (table === 'AuditLogs' || table.startsWith('AAD')) return 'AzureActiveDirectory'
  throw new Error(`no connector is known for ${table}`)
}

const all = parsers()

/** Tables that a query names, outside of its texts. */
const tablesIn = (query: string): readonly string[] =>
  Object.keys(WORKSPACE_TABLES).filter((table) =>
    new RegExp(`\\b${table}\\b`).test(query.replaceAll(/"[^"\n]*"/g, '""')),
  )

/** Tables that a query reads, by itself and through functions. */
const tablesRead = (query: string): readonly string[] => [
  ...tablesIn(query),
  ...calledBy(query, all).flatMap((parser) => tablesRead(parser.query)),
]

/** Data connectors that fill what a query reads, with the tables, in order. */
export function connectorsOf(query: string): Rule['requiredDataConnectors'] {
  const read = [...new Set(tablesRead(query))].sort()
  const ids = [...new Set(read.flatMap((table) => connectorOf(table) ?? []))].sort()
  return ids.map((connectorId) => ({
    connectorId,
    dataTypes: read.filter((table) => connectorOf(table) === connectorId),
  }))
}
