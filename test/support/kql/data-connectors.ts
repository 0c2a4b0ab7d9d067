import { CONNECTOR_ID } from '../../../infra/sentinel/solution/about.ts'
import { parsers, type Rule } from './sentinel-content.ts'
import { calledBy, WORKSPACE_TABLES } from './workspace.ts'

/** Tables that others than Microsoft Entra ID and the exporter fill. */
const OTHERS: Readonly<Record<string, string>> = {
  AzureActivity: 'AzureActivity',
  AZKVAuditLogs: 'AzureKeyVault',
  AzureDiagnostics: 'AzureKeyVault',
  OfficeActivity: 'Office365',
}
const OF_ENTRA = /^(?:AuditLogs|SigninLogs|MicrosoftGraphActivityLogs|AAD\w+)$/

/** Who fills a table. The workspace itself writes alerts and the daily rows of open risk. */
function connectorOf(table: string): string | undefined {
  if (['SecurityAlert', 'EntraWorkloadRiskState_CL'].includes(table)) return undefined
  if (table.endsWith('_CL')) return CONNECTOR_ID
  const connector = OF_ENTRA.test(table) ? 'AzureActiveDirectory' : OTHERS[table]
  if (connector === undefined) throw new Error(`no connector is known for ${table}`)
  return connector
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
