import { counted } from '../../shared/domain/duration.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { ReconcileReport } from '../../shared/graph/reconcile-report.ts'
import { whatToDo } from '../../shared/graph/what-to-do.ts'
import { fields } from '../text/table.ts'

/** `backfill` for people. */
export function backfillText(report: ReconcileReport, isDryRun: boolean): string {
  const { inBoth, onlyInStream, onlyInGraph, enrichedInGraph, due, sent, unread } = report
  return [
    `Facts last updated since ${isoInstant(report.from)}${isDryRun ? ' (dry run)' : ''}`,
    ...fields([
      ['in both', `${inBoth}, of which Graph tells more of ${enrichedInGraph} by now`],
      ['only in the stream', String(onlyInStream)],
      ['only in Graph', `${onlyInGraph}, of which ${onlyInGraph - due} were sent before`],
      isDryRun ? ['would send', counted(due, 'record')] : ['sent', counted(sent, 'record')],
    ]),
    ...unread.map(({ name, fault }) => `${name} was not read. ${whatToDo(name, fault)}`),
    '',
  ].join('\n')
}
