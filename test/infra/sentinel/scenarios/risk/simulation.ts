import { existsSync } from 'node:fs'
import { BlockList, isIP } from 'node:net'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { minutesOf } from '../../../../support/kql/rule-limits.ts'
import { parsers, type Rule, rules } from '../../../../support/kql/sentinel-content.ts'
import { WORKSPACE_TABLES } from '../../../../support/kql/workspace.ts'
import type { ArrivedRow } from './rows.ts'
import type { RiskScenario } from './scenario.ts'

/** An interpreter of KQL that lies beside the repository where the project itself is worked on. */
const INTERPRETER = '../shared/tools/kql-run/kql.mjs'
export const hasInterpreter = existsSync(INTERPRETER)

type Row = Readonly<Record<string, unknown>>
type Node = Readonly<Record<string, unknown>>
interface Engine {
  run(query: string): readonly Row[]
  sc(node: unknown, row: unknown, scope: unknown): unknown
  call(node: Node, row: unknown, scope: unknown, wantsTable?: boolean): unknown
  aggExpr(node: Node, rows: readonly Row[], scope: unknown): unknown
}
interface Interpreter {
  readonly Engine: new (world: {
    readonly now: number
    readonly tables: Readonly<Record<string, readonly Row[]>>
    readonly functions: Readonly<Record<string, string>>
  }) => Engine
  readonly DT: new (ms: number) => unknown
}

const inSomeRange = (address: string, ranges: readonly string[]): boolean => {
  const list = new BlockList()
  const kindOf = (text: string) => (isIP(text) === 6 ? 'ipv6' : 'ipv4')
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), kindOf(network))
  }
  return list.check(address, kindOf(address))
}

const DAY_MS = 86_400_000
const startOfDay = (value: unknown): unknown => {
  const { v, constructor: Time } = value as { v: number; constructor: new (ms: number) => unknown }
  return new Time(Math.floor(v / DAY_MS) * DAY_MS)
}
const cumulated = (node: Node, [term, restarts]: readonly unknown[], scope: unknown): number => {
  const { $state } = scope as { readonly $state: Record<string, number> }
  const key = JSON.stringify(node)
  $state[key] = (restarts === true ? 0 : ($state[key] ?? 0)) + Number(term)
  return $state[key]
}

/** Functions of KQL that the interpreter lacks. */
const SCALARS: Readonly<Record<string, (...values: readonly unknown[]) => unknown>> = {
  time: (span) => span,
  toscalar: (table) => Object.values((table as { readonly rows: readonly Row[] }).rows[0] ?? {})[0] ?? null,
  startofday: startOfDay,
  set_has_element: (set, value) => (set as readonly unknown[] | null)?.includes(value) ?? null,
  ipv4_is_in_any_range: (address, ranges) =>
    isIP(textOf(address)) === 4 ? inSomeRange(textOf(address), ranges as readonly string[]) : null,
  ipv6_is_in_any_range: (address, ranges) =>
    isIP(textOf(address)) === 6 ? inSomeRange(textOf(address), ranges as readonly string[]) : null,
}

const withScalars = (Base: Interpreter['Engine']): Interpreter['Engine'] =>
  class extends Base {
    override call(node: Node, row: unknown, scope: unknown, wantsTable?: boolean): unknown {
      const name = textOf(node['n'])
      const values = () => (node['a'] as readonly unknown[]).map((value) => this.sc(value, row, scope))
      if (name === 'column_ifexists') {
        const [column, otherwise] = values()
        return (row as Row)[textOf(column)] ?? otherwise
      }
      if (name === 'row_cumsum') return cumulated(node, values(), scope)
      const scalar = SCALARS[name]
      return scalar === undefined ? super.call(node, row, scope, wantsTable) : scalar(...values())
    }
    override aggExpr(node: Node, rows: readonly Row[], scope: unknown): unknown {
      if (node['n'] !== 'sumif') return super.aggExpr(node, rows, scope)
      const [term, condition] = node['a'] as readonly unknown[]
      const counted = rows.filter((row) => this.sc(condition, row, scope) === true)
      return counted.reduce((sum, row) => sum + Number(this.sc(term, row, scope) ?? 0), 0)
    }
  }

/** A query without the operators that the interpreter lacks. */
const inItsWords = (query: string): string =>
  query.replace(RANGE, 'DaysOfRange').replaceAll(/\| top (\d+) by (\w+) desc/g, '| sort by $2 desc | take $1')

/** Days of a `range`, which the interpreter does not have: a table that stands in its place. */
const RANGE = /\brange (\w+) from startofday\(ago\((\d+)d\)\) to startofday\(now\(\)\) step 1d/
const daysOf = (query: string, now: number): readonly (readonly [column: string, ms: number])[] => {
  const [, column = '', days = '0'] = RANGE.exec(query) ?? []
  const today = Math.floor(now / DAY_MS) * DAY_MS
  return column === ''
    ? []
    : Array.from({ length: Number(days) + 1 }, (_, n) => [column, today - (Number(days) - n) * DAY_MS])
}

/** Functions of the solution; the watchlists, which the interpreter does not have, are empty. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    parsers()
      .filter(({ file }) => file.includes('/EntraWorkload'))
      .map((p) => [p.functionAlias, p.query]),
  ),
  EntraWorkloadExceptions: 'datatable(IdentityId: string, Rule: string) []',
  EntraWorkloadOwners: 'datatable(SubjectId: string, OwnerId: string) []',
  _GetWatchlist: 'datatable(SearchKey: string, Tier: string) []',
  EntraWorkloadEgress: 'datatable(IpRange: string) []',
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))
const filledIn = (format: string, row: Row): string =>
  format.replace(/\{\{(\w+)\}\}/g, (_, column: string) => textOf(row[column]))

type Tables = RiskScenario['tables']

/** What a query gives at one time, over the rows that had arrived and were sent within a time range. */
export async function rowsAt(
  time: string,
  query: string,
  tables: Tables,
  options: { readonly rangeMs: number; readonly functions?: Readonly<Record<string, string>> },
): Promise<readonly Row[]> {
  const { Engine, DT }: Interpreter = await import(pathToFileURL(resolve(INTERPRETER)).href)
  const now = Date.parse(time)
  const arrived = Object.fromEntries(
    Object.entries(WORKSPACE_TABLES).map(([name, columns]) => {
      const rows = (tables[name] ?? []).filter(({ arrivedAt, cells }) => {
        const sentMs = Date.parse(textOf(cells['TimeGenerated']))
        return Date.parse(arrivedAt) <= now && sentMs > now - options.rangeMs
      })
      const typed = ([column, cell]: readonly [string, unknown]) =>
        [column, columns[column] === 'datetime' ? new DT(Date.parse(textOf(cell))) : cell] as const
      return [
        name,
        rows.map(({ arrivedAt, cells }) => ({
          ...Object.fromEntries(Object.entries(cells).map(typed)),
          $ingest: new DT(Date.parse(arrivedAt)),
        })),
      ]
    }),
  )
  const functions = { ...FUNCTIONS, ...options.functions }
  const days = daysOf(query, now).map(([column, ms]) => ({ [column]: new DT(ms) }))
  const all = { ...arrived, DaysOfRange: days }
  return [...new (withScalars(Engine))({ now, tables: all, functions }).run(inItsWords(query))]
}

const minutesAfter = (now: number, minutes: number): string => new Date(now + minutes * 60_000).toISOString()

/** An alert as the workspace has it five minutes after the run; custom details are a JSON text. */
const alertRow = (rule: Rule, row: Row, now: number): ArrivedRow => {
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

/** The alerts that the scheduled runs of a scenario's rule raise, sorted. */
export async function alertsOf(scenario: RiskScenario): Promise<readonly string[]> {
  const rule = rules().find(({ file }) => file.endsWith(`/${scenario.rule}.yaml`))?.rule
  if (rule === undefined) throw new Error(`no rule ${scenario.rule}`)
  const everyMs = minutesOf(rule.queryFrequency) * 60_000
  const rangeMs = minutesOf(rule.queryPeriod) * 60_000
  const alerts: string[] = []
  const raised: ArrivedRow[] = []
  for (const now of runsOf(scenario, everyMs)) {
    const time = new Date(now).toISOString()
    const rows = await rowsAt(
      time,
      rule.query,
      { ...scenario.tables, SecurityAlert: raised },
      {
        rangeMs,
        functions: scenario.watchlists ?? {},
      },
    )
    for (const row of rows) {
      raised.push(alertRow(rule, row, now))
      const title = filledIn(rule.alertDetailsOverride?.alertDisplayNameFormat ?? rule.name, row)
      alerts.push(`${time.slice(11, 16)} ${textOf(row['AlertSeverity'])} ${title}`)
    }
  }
  return alerts.sort()
}
