import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { ReconcileReport } from '../../shared/graph/reconcile-report.ts'
import { riskCollections } from '../../shared/graph/risk-collections.ts'
import { whatToDo } from '../../shared/graph/what-to-do.ts'
import { counted } from '../text/duration.ts'
import { fields } from '../text/table.ts'

/** `backfill` for people. */
export function backfillText(report: ReconcileReport, isDryRun: boolean, includeAgents: boolean): string {
  const { inBoth, onlyInStream, onlyInGraph, enrichedInGraph, due, sent, unread } = report
  const collections = riskCollections(includeAgents)
  return [
    `Facts last updated since ${isoInstant(report.from)}${isDryRun ? ' (dry run)' : ''}`,
    ...fields([
      ['in both', `${inBoth}, of which Graph tells more of ${enrichedInGraph} by now`],
      ['only in the stream', String(onlyInStream)],
      ['only in Graph', `${onlyInGraph}, of which ${onlyInGraph - due} were sent before`],
      isDryRun ? ['would send', counted(due, 'record')] : ['sent', counted(sent, 'record')],
    ]),
    ...unread.map(({ name, fault }) => {
      const collection = collections.find((one) => name.startsWith(one.name))
      return `${name} was not read. ${collection === undefined ? '' : whatToDo(fault, collection)}`
    }),
    '',
  ].join('\n')
}
