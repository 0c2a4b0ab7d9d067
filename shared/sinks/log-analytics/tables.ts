import { contextTable } from './context-table.ts'
import { detectionsTable } from './detections-table.ts'
import { healthTable } from './health-table.ts'
import { identitiesTable } from './identities-table.ts'
import { responsesTable } from './responses-table.ts'

/** A table's columns without their values, as the infrastructure needs them. */
export interface TableDeclaration {
  readonly name: string
  readonly stream: string
  readonly description: string
  readonly columns: readonly { readonly name: string; readonly type: string; readonly description: string }[]
}

/** The data collection rule's stream for a table. */
export const streamOf = (table: string): string => `Custom-${table}`

/** All custom tables, as in `infra/tables.json`; a test fails if the two differ. */
export const tableDeclarations = (): readonly TableDeclaration[] =>
  [detectionsTable, identitiesTable, contextTable, responsesTable, healthTable].map(
    ({ name, description, columns }) => ({
      name,
      stream: streamOf(name),
      description,
      columns: columns.map((c) => ({ name: c.name, type: c.type, description: c.description })),
    }),
  )
