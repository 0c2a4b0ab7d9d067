import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { whatToDo } from '../../shared/graph/what-to-do.ts'
import type { Report } from '../../shared/operations/report/read-report.ts'
import { reportRows } from '../../shared/operations/report/report-rows.ts'

/** A report for programs: every column by its key, absent values omitted. */
export function reportJson(report: Report) {
  const { columns, rows } = reportRows(report)
  return {
    report: report.report,
    from: isoInstant(report.from),
    to: isoInstant(report.to),
    source: report.source.kind,
    ...(report.source.kind === 'archive'
      ? { blobs: report.source.blobs }
      : { unread: report.source.unread.map(({ name, fault }) => ({ name, why: whatToDo(name, fault) })) }),
    more: report.more,
    rows: rows.map((row) =>
      Object.fromEntries(
        columns.flatMap(({ key }, i) => (row[i] === '' ? [] : [[key, row[i] ?? ''] as const])),
      ),
    ),
  }
}
