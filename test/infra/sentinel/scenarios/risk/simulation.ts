import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { minutesOf } from '../../../../support/kql/rule-limits.ts'
import { parsers, rules } from '../../../../support/kql/sentinel-content.ts'
import { WORKSPACE_TABLES } from '../../../../support/kql/workspace.ts'
import type { RiskScenario } from './scenario.ts'

/** An interpreter of KQL that lies beside the repository where the project itself is worked on. */
const INTERPRETER = '../shared/tools/kql-run/kql.mjs'
export const hasInterpreter = existsSync(INTERPRETER)

type Row = Readonly<Record<string, unknown>>
interface Interpreter {
  readonly Engine: new (world: {
    readonly now: number
    readonly tables: Readonly<Record<string, readonly Row[]>>
    readonly functions: Readonly<Record<string, string>>
  }) => { run(query: string): readonly Row[] }
  readonly DT: new (ms: number) => unknown
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
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? ''))
const filledIn = (format: string, row: Row): string =>
  format.replace(/\{\{(\w+)\}\}/g, (_, column: string) => textOf(row[column]))

/** The alerts that the scheduled runs of a scenario's rule raise, sorted. */
export async function alertsOf(scenario: RiskScenario): Promise<readonly string[]> {
  const { Engine, DT }: Interpreter = await import(pathToFileURL(resolve(INTERPRETER)).href)
  const rule = rules().find(({ file }) => file.endsWith(`/${scenario.rule}.yaml`))?.rule
  if (rule === undefined) throw new Error(`no rule ${scenario.rule}`)
  const everyMs = minutesOf(rule.queryFrequency) * 60_000
  const periodMs = minutesOf(rule.queryPeriod) * 60_000
  const alerts: string[] = []
  for (let now = Date.parse(scenario.from); now <= Date.parse(scenario.to); now += everyMs) {
    const tables = Object.fromEntries(
      Object.entries(WORKSPACE_TABLES).map(([name, columns]) => {
        const rows = (scenario.tables[name] ?? []).filter(({ arrivedAt, cells }) => {
          const sentMs = Date.parse(textOf(cells['TimeGenerated']))
          return Date.parse(arrivedAt) <= now && sentMs > now - periodMs
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
    for (const row of new Engine({ now, tables, functions: FUNCTIONS }).run(rule.query)) {
      const time = new Date(now).toISOString().slice(11, 16)
      const title = filledIn(rule.alertDetailsOverride?.alertDisplayNameFormat ?? rule.name, row)
      alerts.push(`${time} ${textOf(row['AlertSeverity'])} ${title}`)
    }
  }
  return alerts.sort()
}
