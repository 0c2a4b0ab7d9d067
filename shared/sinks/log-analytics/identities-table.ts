import { column, type Table } from './column.ts'
import { evidenceColumns, headColumns, riskColumns } from './shared-columns.ts'

/** States of risky identities: who is at risk now, and since when. */
export const identitiesTable: Table = {
  name: 'EntraRiskyIdentities_CL',
  description: 'Risk states of workload identities in Microsoft Entra ID Protection.',
  columns: [
    ...headColumns,
    ...riskColumns,
    column('ExtraFields', 'dynamic', 'extra', 'Fields that this program does not know, verbatim.'),
    ...evidenceColumns,
  ],
}
