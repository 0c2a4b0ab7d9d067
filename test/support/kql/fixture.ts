import type { Json } from '../../../shared/encoding/json.ts'
import type { Columns } from './analyse.ts'
import { NATIVE_TABLES } from './native-tables.ts'
import type { Parser, RuleFile } from './sentinel-content.ts'
import { calledBy, inOrderOfUse, OWN_TABLES, WORKSPACE_TABLES } from './workspace.ts'

/** A time before the query runs, as KQL writes time spans: `72h`; after it with a minus sign. */
export interface Ago {
  readonly ago: string
}
export const ago = (span: string): Ago => ({ ago: span })
export const ahead = (span: string): Ago => ago(`-${span}`)

export type FixtureCell = Json | Ago

/** One row of a table, and why it is there. Columns not named are empty. */
export interface FixtureRow {
  readonly note: string
  readonly cells: Readonly<Record<string, FixtureCell>>
}

/**
 * Rows on which a rule must give one alert, or a function one row, for each expected key, and no
 * other.
 */
export interface FixtureCase {
  /** Name of the rule's file, without extension, or of the function. */
  readonly of: string
  /** Told apart from other cases of the same by this. */
  readonly variant?: string
  /** Output column by which an alert is told. */
  readonly key: string
  /** Keys that must fire, each in one alert; none where the rule must be silent. */
  readonly expected: readonly string[]
  /** Keys that fire in the rule's next run, though no row comes; none where not named. */
  readonly next?: readonly string[]
  readonly tables: Readonly<Record<string, readonly FixtureRow[]>>
}

/** Name of the case, and of its file without extension. */
export const fixtureName = ({ of, variant }: FixtureCase): string =>
  variant === undefined ? of : `${of}.${variant}`

/** What a case is about, and the query that it runs. */
export interface FixtureSubject {
  readonly title: string
  readonly query: string
}

/** The rule or function that a case is of. Throws where there is none. */
export const subjectOf = (
  { of }: FixtureCase,
  rules: readonly RuleFile[],
  parsers: readonly Parser[],
): FixtureSubject => {
  const rule = rules.find((r) => r.file.endsWith(`/${of}.yaml`))?.rule
  if (rule !== undefined) return { title: `the rule "${rule.name}"`, query: rule.query.trimEnd() }
  const parser = parsers.find((p) => p.functionAlias === of)
  if (parser === undefined) throw new Error(`neither rule nor function: ${of}`)
  return { title: `the function ${of}`, query: `${of}()` }
}

const isAgo = (cell: FixtureCell): cell is Ago =>
  typeof cell === 'object' && cell !== null && !Array.isArray(cell) && 'ago' in cell

const emptyOf = (type: string): string => (type === 'string' ? '""' : `${type}(null)`)

const MINUTES: Readonly<Record<string, number>> = { d: 1440, h: 60, m: 1 }

/** `24h30m` as KQL knows it: one number and one unit. */
const timespan = (span: string): string => {
  const minutes = [...span.matchAll(/(\d+)([dhm])/g)].reduce(
    (sum, [, n = '', unit = '']) => sum + Number(n) * (MINUTES[unit] ?? Number.NaN),
    0,
  )
  return span.startsWith('-') ? `time(-${minutes}m)` : `${minutes}m`
}

const literal = (cell: FixtureCell | undefined, type: string): string => {
  if (type === 'datetime') return cell !== undefined && isAgo(cell) ? timespan(cell.ago) : 'timespan(null)'
  if (cell === undefined) return emptyOf(type)
  if (type === 'dynamic') return `dynamic(${JSON.stringify(cell)})`
  return JSON.stringify(cell)
}

/**
 * Columns of a table in a fixture: all but those that Azure Monitor adds to every table and no rule
 * reads.
 */
export const columnsOfFixture = (table: string): Columns => ({
  TimeGenerated: 'datetime',
  ...(OWN_TABLES[table] ?? NATIVE_TABLES[table]),
})

/** A `let` that shadows a table: literal rows, times relative to now, the other columns empty. */
const shadow = (table: string, rows: readonly FixtureRow[]): string => {
  const columns = columnsOfFixture(table)
  const used = Object.entries(columns).filter(([name]) => rows.some((r) => name in r.cells))
  const unused = Object.entries(columns).filter(([name]) => !used.some(([other]) => other === name))
  if (used.length === 0) {
    return `let ${table} = datatable(${unused.map(([n, t]) => `${n}: ${t}`).join(', ')}) [];`
  }
  const times = used.filter(([, type]) => type === 'datetime').map(([name]) => `${name} = now() - ${name}`)
  const lines = rows.flatMap((row, i) => [
    `    // ${row.note}`,
    `    ${used.map(([name, type]) => literal(row.cells[name], type)).join(', ')}${i < rows.length - 1 ? ',' : ''}`,
  ])
  return [
    `let ${table} = datatable(${used.map(([n, t]) => `${n}: ${t === 'datetime' ? 'timespan' : t}`).join(', ')}) [`,
    ...lines,
    ']',
    ...(times.length === 0 ? [] : [`| extend ${times.join(', ')}`]),
    `| extend ${unused.map(([name, type]) => `${name} = ${emptyOf(type)}`).join(', ')};`,
  ].join('\n')
}

const called = (query: string, parsers: readonly Parser[]): readonly Parser[] => {
  const found = new Set<Parser>()
  const visit = (text: string): void => {
    for (const parser of calledBy(text, parsers)) {
      if (found.has(parser)) continue
      found.add(parser)
      visit(parser.query)
    }
  }
  visit(query)
  return inOrderOfUse(parsers).filter((p) => found.has(p))
}

/** Pipes that turn the alerts of a rule, or the rows of a function, into a verdict. */
export const verdictOf = ({ key, expected }: FixtureCase): string =>
  [
    `| summarize Alerts = count(), Fired = make_set(tostring(${key}))`,
    `| extend Expected = dynamic(${JSON.stringify(expected)})`,
    '| extend Missing = set_difference(Expected, Fired), Unexpected = set_difference(Fired, Expected)',
    `| extend Verdict = iff(Alerts == ${expected.length} and array_length(Missing) == 0 and array_length(Unexpected) == 0, "pass", "FAIL")`,
    '| project Verdict, Alerts, Missing, Unexpected',
  ].join('\n')

/**
 * The tables of a fixture as `let` statements: those that the subject and its functions read, and
 * no others.
 */
export const shadowedTables = (
  fixture: FixtureCase,
  { query }: FixtureSubject,
  parsers: readonly Parser[],
): readonly string[] => {
  const text = [query, ...called(query, parsers).map((p) => p.query)].join('\n')
  return Object.keys(WORKSPACE_TABLES)
    .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
    .map((name) => shadow(name, fixture.tables[name] ?? []))
}

/** Only workspaces with Sentinel have watchlists. */
const NO_WATCHLISTS = 'let _GetWatchlist = (alias: string) { datatable(SearchKey: string) [] };'

/**
 * A query that anyone can paste into Logs of any workspace: it reads no table and says `pass` or
 * `FAIL`.
 */
export const fixtureQuery = (
  fixture: FixtureCase,
  subject: FixtureSubject,
  parsers: readonly Parser[],
): string =>
  [
    `// Rows for ${subject.title}, and what it must make of them. Generated: do not edit.`,
    '// Paste it into Logs of any Log Analytics workspace: it reads no table, all rows are below, times are relative to now.',
    `// Expected: one row with Verdict "pass", after ${fixture.expected.length} of: ${fixture.expected.join('; ') || 'none'}.`,
    ...shadowedTables(fixture, subject, parsers),
    ...(called(subject.query, parsers).some((p) => p.query.includes('_GetWatchlist')) ? [NO_WATCHLISTS] : []),
    ...called(subject.query, parsers).map((p) => `let ${p.functionAlias} = () {\n${p.query.trimEnd()}\n};`),
    subject.query,
    verdictOf(fixture),
    '',
  ].join('\n')
