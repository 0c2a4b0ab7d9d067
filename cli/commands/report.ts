import { instant } from '../../shared/domain/identifiers.ts'
import { REPORTS, type Report } from '../../shared/operations/report/read-report.ts'
import { reportCsv } from '../../shared/operations/report/report-csv.ts'
import { reportHtml } from '../../shared/operations/report/report-html.ts'
import { reportRows } from '../../shared/operations/report/report-rows.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { reportJson } from '../render/report-json.ts'
import { CUT, reportText } from '../render/report-text.ts'
import { paintFor } from '../text/paint.ts'
import { progressOn, soFar } from '../text/progress.ts'
import { TIME_USAGE, timeRange } from '../time-argument.ts'
import { UsageError } from '../usage-error.ts'

const FORMS = ['csv', 'html', 'json'] as const
type Form = (typeof FORMS)[number]

/** The one form asked for; a table if none is. */
function formOf(values: Readonly<Record<Form, boolean>>): Form | 'text' {
  const [form, ...others] = FORMS.filter((name) => values[name])
  if (others.length > 0) throw new UsageError('--csv, --html and --json: use only one of them.')
  return form ?? 'text'
}

export const report = command({
  name: 'report',
  summary: 'List risky workload identities, or their risk detections, as the portal does',
  operand: { choices: REPORTS },
  usage: [REPORTS.join('|')],
  about: `Reads the archive: service principals and agents at their latest state (risky), or each of their detections at its latest
version (detections), newest first. Columns are named as in the portal's reports; files have more of them than the terminal.`,
  options: {
    from: {
      type: 'string',
      value: 'T',
      default: '30d',
      help: 'start of the range, by enqueued time; inclusive (default 30d)',
    },
    to: { type: 'string', value: 'T', default: 'now', help: 'end of the range; exclusive (default now)' },
    csv: {
      type: 'boolean',
      default: false,
      help: 'CSV that Excel opens: UTF-8 with a byte order mark, no formulas',
    },
    html: { type: 'boolean', default: false, help: 'one page that needs nothing else' },
  },
  notes: TIME_USAGE,
  examples: [
    ['report risky', 'service principals and agents, at their latest state'],
    ['report detections --from 90d --csv > detections.csv', 'a quarter, for a spreadsheet'],
    ['report risky --html > risky.html', 'a page to hand on'],
  ],
  async run({ values, operands }, context) {
    const [word, ...others] = operands
    const name = REPORTS.find((known) => known === word)
    if (name === undefined || others.length > 0)
      throw new UsageError(`Expected one report: ${REPORTS.join(' or ')}.`)
    const form = formOf(values)
    const now = instant(context.time.now())
    const range = timeRange(values, now)
    const operator = await operatorFor(values, context)
    const progress = progressOn(context.stderr)
    const total = progress.isShown ? await operator.countBlobs(range) : undefined
    const found = await operator.report(name, range, (blobs) =>
      progress.show(`read ${soFar(blobs, total, 'archive blobs')}`),
    )
    progress.done()
    const { isTerminal, write } = context.stdout
    const textOf = (made: Report): string => {
      switch (form) {
        case 'csv':
          return reportCsv(reportRows(made))
        case 'html':
          return reportHtml(made, { tenantId: operator.settings.tenantId, madeAt: now })
        case 'json':
          return `${JSON.stringify(reportJson(made))}\n`
        case 'text':
          return reportText(made, paintFor(isTerminal, context.env.NO_COLOR))
      }
    }
    write(textOf(found))
    if (found.more && form === 'csv') context.stderr.write(`${CUT}\n`)
    return EXIT.done
  },
})
