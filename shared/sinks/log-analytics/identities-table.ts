import type { RiskyIdentity } from '../../domain/risk-event.ts'
import type { Table } from './column.ts'
import { evidenceColumns, headColumns, riskColumns } from './shared-columns.ts'

/** States of risky identities: who is at risk now, and since when. */
export const identitiesTable: Table<RiskyIdentity> = {
  name: 'EntraRiskyIdentities_CL',
  description: 'Risk states of workload identities in Microsoft Entra ID Protection.',
  columns: [
    ...headColumns,
    ...riskColumns,
    {
      name: 'ExtraFields',
      type: 'dynamic',
      description: 'Fields that this program does not know, verbatim.',
      value: (a) => (Object.keys(a.event.extra).length === 0 ? undefined : a.event.extra),
    },
    ...evidenceColumns,
  ],
}
