import type { Instant, TenantId } from '../../domain/identifiers.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { type Html, html } from '../../encoding/html.ts'
import { whatToDo } from '../../graph/what-to-do.ts'
import { pageOf } from './page.ts'
import type { Report } from './read-report.ts'
import { type ReportColumn, reportRows, shownText } from './report-rows.ts'
import { REPORT_STYLE } from './report-style.ts'

const LEVELS = ['high', 'medium', 'low', 'none']

/** `2026-03-01 09:20:00`, UTC. */
const shortTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ')

const isTime = ({ key }: ReportColumn): boolean => /(?:Time|Updated)$/.test(key)
const isId = ({ key }: ReportColumn): boolean => /Ids?$/.test(key)
const isWords = ({ key }: ReportColumn): boolean => key === 'riskDetail' || key === 'evidence'

function cell(column: ReportColumn, text: string): Html {
  if (text === '') return html`<td></td>`
  if (column.key === 'riskLevel') {
    const level = LEVELS.includes(text) ? text : 'other'
    return html`<td class="level level-${level}">${text}</td>`
  }
  if (isTime(column)) return html`<td class="time"><time datetime="${text}">${shortTime(text)}</time></td>`
  if (isId(column)) return html`<td class="id">${text}</td>`
  return isWords(column) ? html`<td class="words">${shownText(column, text)}</td>` : html`<td>${text}</td>`
}

/** Columns that a terminal shows, and others that say something of any row. */
const isShown = (column: ReportColumn, index: number, rows: readonly (readonly string[])[]): boolean =>
  column.isMain || rows.some((row) => row[index] !== '')

/** What is missing, and why. */
const unreadOf = ({ source }: Report): readonly Html[] =>
  source.kind === 'archive'
    ? []
    : source.unread.map(
        ({ name, fault }) => html`<p class="cut">Without ${name}: ${whatToDo(name, fault)}</p>`,
      )

/**
 * A report as one page that needs nothing else: no script, no request.
 * @param madeAt when it was read
 */
export function reportHtml(
  report: Report,
  { tenantId, madeAt }: { readonly tenantId: TenantId; readonly madeAt: Instant },
): string {
  const { title, columns, rows } = reportRows(report)
  const shown = columns.flatMap((column, index) => (isShown(column, index, rows) ? [{ column, index }] : []))
  const head = shown.map(({ column }) => html`<th scope="col">${column.name}</th>`)
  const body = rows.map(
    (row) => html`<tr>${shown.map(({ column, index }) => cell(column, row[index] ?? ''))}</tr>
`,
  )
  const table = html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`
  const cut = html`<p class="cut">There are more than these: choose a shorter time range.</p>`
  return pageOf(
    title,
    REPORT_STYLE,
    html`<h1>${title}</h1>
<p>Tenant ${tenantId}. ${rows.length} ${report.source.kind === 'archive' ? 'in records of' : 'last updated'} ${shortTime(isoInstant(report.from))} to ${shortTime(isoInstant(report.to))}, read from ${report.source.kind === 'archive' ? 'the archive' : 'Microsoft Graph'} at ${shortTime(isoInstant(madeAt))}. Times are UTC.</p>
${[...(report.more ? [cut] : []), ...unreadOf(report)]}
${rows.length === 0 ? html`<p>None.</p>` : table}`,
  )
}
