import { instant, type TenantId } from '../../shared/domain/identifiers.ts'
import { whatToDo } from '../../shared/graph/what-to-do.ts'
import {
  REPORTS,
  type Report,
  type ReportName,
  type ReportQuery,
} from '../../shared/operations/report/read-report.ts'
import { reportCsv } from '../../shared/operations/report/report-csv.ts'
import { reportHtml } from '../../shared/operations/report/report-html.ts'
import { reportRows } from '../../shared/operations/report/report-rows.ts'
import { command } from '../command.ts'
import type { CommandContext } from '../command-context.ts'
import { DEVICE_CODE_OPTION } from '../device-code-option.ts'
import { EXIT } from '../exit-codes.ts'
import { operatorFor } from '../operator.ts'
import { RANGE_OPTIONS } from '../range-options.ts'
import { reportJson } from '../render/report-json.ts'
import { CUT, reportText } from '../render/report-text.ts'
import { signInFor } from '../sign-in.ts'
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

const SOURCES = ['archive', 'graph'] as const

interface Where {
  readonly source: string
  readonly local: boolean
  readonly 'device-code': boolean
  readonly settings?: string
}

interface Read {
  readonly found: Report
  readonly tenantId: TenantId
}

async function fromArchive(
  name: ReportName,
  range: ReportQuery,
  values: Where,
  context: CommandContext,
): Promise<Read> {
  const operator = await operatorFor(values, context)
  const progress = progressOn(context.stderr)
  const total = progress.isShown ? await operator.countBlobs(range) : undefined
  const found = await operator.report(name, range, (blobs) =>
    progress.show(`read ${soFar(blobs, total, 'archive blobs')}`),
  )
  progress.done()
  return { found, tenantId: operator.settings.tenantId }
}

async function fromGraph(
  name: ReportName,
  range: ReportQuery,
  values: Where,
  context: CommandContext,
): Promise<Read> {
  const { createGraphReader } = await import('../../shared/composition/create-graph-reader.ts')
  const reader = createGraphReader({ ...(await signInFor(values, context)), time: context.time })
  const progress = progressOn(context.stderr)
  const onRead = (read: number): void => progress.show(soFar(read, undefined, 'objects read from Graph'))
  const found = await reader.report(name, range, onRead, context.interruption())
  progress.done()
  return { found, tenantId: reader.settings.tenantId }
}

function read(name: ReportName, range: ReportQuery, values: Where, context: CommandContext): Promise<Read> {
  const source = SOURCES.find((known) => known === values.source)
  if (source === undefined) throw new UsageError(`--source: expected ${SOURCES.join(' or ')}.`)
  if (source === 'graph') return fromGraph(name, range, values, context)
  if (values['device-code']) throw new UsageError('--device-code belongs to --source graph.')
  return fromArchive(name, range, values, context)
}

export const report = command({
  name: 'report',
  summary: 'List risky workload identities, or their risk detections, as the portal does',
  operand: { choices: REPORTS },
  usage: [REPORTS.join('|')],
  about: `Reads the archive, or Microsoft Graph: service principals and agents at their latest state (risky), or each of their detections at its latest
version (detections), newest first. Columns are named as in the portal's reports; files have more of them than the terminal.`,
  options: {
    ...RANGE_OPTIONS,
    csv: {
      type: 'boolean',
      default: false,
      help: 'CSV that Excel opens: UTF-8 with a byte order mark, no formulas',
    },
    html: { type: 'boolean', default: false, help: 'one page that needs nothing else' },
    source: {
      type: 'string',
      value: 'NAME',
      choices: SOURCES,
      default: 'archive',
      help: 'archive, or graph: what Microsoft Graph has now, with your own sign-in (default archive)',
    },
    'device-code': DEVICE_CODE_OPTION,
  },
  notes: `${TIME_USAGE}

From Graph, the range is that of the last update, and the permissions IdentityRiskyServicePrincipal.Read.All (risky) and IdentityRiskEvent.Read.All
(detections) are required. Exit code 1: a part of Graph could not be read.`,
  examples: [
    ['report risky', 'service principals and agents, at their latest state'],
    ['report detections --from 90d --csv > detections.csv', 'a quarter, for a spreadsheet'],
    ['report risky --html > risky.html', 'a page to hand on'],
    ['report detections --source graph --from 180d --device-code', 'also what the stream never sent'],
  ],
  async run({ values, operands }, context) {
    const [word, ...others] = operands
    const name = REPORTS.find((known) => known === word)
    if (name === undefined || others.length > 0)
      throw new UsageError(`Expected one report: ${REPORTS.join(' or ')}.`)
    const form = formOf(values)
    const now = instant(context.time.now())
    const range = timeRange(values, now)
    const { found, tenantId } = await read(name, range, values, context)
    const { isTerminal, write } = context.stdout
    const textOf = (made: Report): string => {
      switch (form) {
        case 'csv':
          return reportCsv(reportRows(made))
        case 'html':
          return reportHtml(made, { tenantId, madeAt: now })
        case 'json':
          return `${JSON.stringify(reportJson(made))}\n`
        case 'text':
          return reportText(made, paintFor(isTerminal, context.env.NO_COLOR))
      }
    }
    write(textOf(found))
    if (found.more && form === 'csv') context.stderr.write(`${CUT}\n`)
    if (found.source.kind === 'archive' || found.source.unread.length === 0) return EXIT.done
    for (const { name: part, fault } of found.source.unread)
      context.stderr.write(`Without ${part}: ${whatToDo(part, fault)}\n`)
    return EXIT.problem
  },
})
