import { minutesOf } from '../../../../support/kql/rule-limits.ts'
import { interpreterFor, type ReadyQuery } from '../../../../support/kql/run/interpreter.ts'
import type { ResultRow } from '../../../../support/kql/run/stored-rows.ts'
import { workspaceWith } from '../../../../support/kql/run/workspace.ts'
import { parsers, type Rule, rules } from '../../../../support/kql/sentinel-content.ts'
import type { ArrivedRow } from './rows.ts'
import type { Defect, RiskScenario } from './scenario.ts'

const MINUTE = 60_000

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))
const filledIn = (format: string, row: ResultRow): string =>
  format.replace(/\{\{(\w+)\}\}/g, (_, column: string) => textOf(row[column]))

type Tables = RiskScenario['tables']

interface Given {
  readonly watchlists?: Readonly<Record<string, string>>
  /** In the rule or in a function that it calls. */
  readonly defect?: Defect | undefined
}

const withDefect = (query: string, file: string, defect: Defect | undefined): string =>
  file.endsWith(`/${defect?.file}.yaml`) ? query.replace(defect?.from ?? '', () => defect?.to ?? '') : query

const interpreters = new Map<string, (query: string) => ReadyQuery>()

const interpreterWith = ({ watchlists = {}, defect }: Given): ((query: string) => ReadyQuery) => {
  const key = JSON.stringify([watchlists, defect])
  const functions = parsers().map((p) => ({ ...p, query: withDefect(p.query, p.file, defect) }))
  const known = interpreters.get(key) ?? interpreterFor(workspaceWith(watchlists, functions))
  interpreters.set(key, known)
  return known
}

/** The one that most scenarios use is made, and the language service loaded, before any test is timed. */
interpreterWith({})('print 1')

/** What a query gives at one time, over the rows that had arrived and were sent within a time range. */
export const rowsAt = (
  time: string,
  query: string,
  tables: Tables,
  options: Given & { readonly rangeMs: number },
): readonly ResultRow[] => {
  const since = Date.parse(time) - options.rangeMs
  const inRange = Object.entries(tables).map(([name, rows]) => [
    name,
    rows.filter(({ cells }) => Date.parse(textOf(cells['TimeGenerated'])) > since),
  ])
  return interpreterWith(options)(query).at(time, Object.fromEntries(inRange))
}

const minutesAfter = (now: number, minutes: number): string => new Date(now + minutes * MINUTE).toISOString()

/** An alert as the workspace has it five minutes after the run; custom details are a JSON text. */
export const alertRow = (rule: Rule, row: ResultRow, now: number): ArrivedRow => {
  const details = Object.entries(rule.customDetails ?? {}).map(([name, column]) => [
    name,
    [textOf(row[column])],
  ])
  return {
    arrivedAt: minutesAfter(now, 5),
    cells: {
      TimeGenerated: minutesAfter(now, 1),
      ExtendedProperties: JSON.stringify({ 'Custom Details': JSON.stringify(Object.fromEntries(details)) }),
    },
  }
}

const runsOf = ({ from, to, runs }: RiskScenario, everyMs: number): readonly number[] =>
  runs?.map((time) => Date.parse(time)) ??
  Array.from(
    { length: Math.floor((Date.parse(to) - Date.parse(from)) / everyMs) + 1 },
    (_, n) => Date.parse(from) + n * everyMs,
  )

/** The alerts that the scheduled runs of a scenario's rule raise, sorted; of content with a defect, if one is given. */
export const alertsOf = (scenario: RiskScenario, defect?: Defect): readonly string[] => {
  const found = rules().find(({ file }) => file.endsWith(`/${scenario.rule}.yaml`))
  if (found === undefined) throw new Error(`no rule ${scenario.rule}`)
  const { file, rule } = found
  const query = withDefect(rule.query, file, defect)
  const options = {
    rangeMs: minutesOf(rule.queryPeriod) * MINUTE,
    defect,
    ...(scenario.watchlists === undefined ? {} : { watchlists: scenario.watchlists }),
  }
  const alerts: string[] = []
  const raised: ArrivedRow[] = []
  for (const now of runsOf(scenario, minutesOf(rule.queryFrequency) * MINUTE)) {
    const time = new Date(now).toISOString()
    for (const row of rowsAt(time, query, { ...scenario.tables, SecurityAlert: raised }, options)) {
      raised.push(alertRow(rule, row, now))
      const title = filledIn(rule.alertDetailsOverride?.alertDisplayNameFormat ?? rule.name, row)
      alerts.push(`${time.slice(11, 16)} ${textOf(row['AlertSeverity'])} ${title}`)
    }
  }
  return alerts.sort()
}
