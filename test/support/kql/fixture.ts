import type { Json } from '../../../shared/encoding/json.ts'
import type { Columns } from './analyse.ts'
import { NATIVE_TABLES } from './native-tables.ts'
import { minutesOf } from './rule-limits.ts'
import type { Parser, RuleFile } from './sentinel-content.ts'
import { calledBy, inOrderOfUse, OWN_TABLES, WORKSPACE_TABLES } from './workspace.ts'

/** A time so many minutes before the first run; after it where negative. */
export interface Ago {
  readonly minutesAgo: number
}
/** A time before the first run, in the spans of KQL: `72h`, `24h30m`. */
export const ago = (span: string): Ago => ({
  minutesAgo: span.split(/(?<=[dhm])/).reduce((sum, part) => sum + minutesOf(part), 0),
})
/** A time after the first run. */
export const ahead = (span: string): Ago => ({ minutesAgo: -ago(span).minutesAgo })

export type FixtureCell = Json | Ago

export const isAgo = (cell: FixtureCell): cell is Ago =>
  typeof cell === 'object' && cell !== null && !Array.isArray(cell) && 'minutesAgo' in cell

/** When a row was sent (`TimeGenerated`), and when a query could first read it. */
export interface RowTimes {
  readonly sent: Ago
  readonly arrived: Ago
}

/** One row of a table, and why it is there. Columns not named are empty. */
export interface FixtureRow extends RowTimes {
  readonly note: string
  readonly cells: Readonly<Record<string, FixtureCell>>
}

/**
 * Rows on which a rule must give one alert, or a function one row, for each expected key, and no
 * other: in a first run, and in the next.
 */
export interface FixtureCase {
  /** Name of the rule's file, without extension, or of the function. */
  readonly of: string
  /** Told apart from other cases of the same by this. */
  readonly variant?: string
  /** Output column by which an alert is told. */
  readonly key: string
  /** Keys that must fire in the first run, each in one alert; none where the rule must be silent. */
  readonly expected: readonly string[]
  /** Keys that must fire in the next run, over the rows that have arrived by then. */
  readonly next: readonly string[]
  readonly tables: Readonly<Record<string, readonly FixtureRow[]>>
}

/** Name of the case, and of its file without extension. */
export const fixtureName = ({ of, variant }: FixtureCase): string =>
  variant === undefined ? of : `${of}.${variant}`

/** What a case is about, the query that it runs, and how long after the first run the next is. */
export interface FixtureSubject {
  readonly title: string
  readonly query: string
  readonly every: string
}

/** The rule or function that a case is of. Throws where there is none. */
export const subjectOf = (
  { of }: FixtureCase,
  rules: readonly RuleFile[],
  parsers: readonly Parser[],
): FixtureSubject => {
  const rule = rules.find((r) => r.file.endsWith(`/${of}.yaml`))?.rule
  if (rule !== undefined)
    return {
      title: `the rule "${rule.name}"`,
      query: rule.query.trimEnd(),
      every: rule.queryFrequency ?? '',
    }
  const parser = parsers.find((p) => p.functionAlias === of)
  if (parser === undefined) throw new Error(`neither rule nor function: ${of}`)
  return { title: `the function ${of}`, query: `${of}()`, every: '1h' }
}

const emptyOf = (type: string): string => (type === 'string' ? '""' : `${type}(null)`)

const timespan = ({ minutesAgo }: Ago): string => (minutesAgo < 0 ? `time(${minutesAgo}m)` : `${minutesAgo}m`)

const literal = (cell: FixtureCell | undefined, type: string): string => {
  if (type === 'datetime') return cell !== undefined && isAgo(cell) ? timespan(cell) : 'timespan(null)'
  if (cell === undefined) return emptyOf(type)
  if (type === 'dynamic') return `dynamic(${JSON.stringify(cell)})`
  return JSON.stringify(cell)
}

/** The column that stands for `ingestion_time()`, which only stored rows have. */
const ARRIVAL = 'IngestionTime'
const readingArrival = (query: string): string => query.replaceAll('ingestion_time()', ARRIVAL)

/**
 * Columns of a table in a fixture: all but those that Azure Monitor adds to every table and no rule
 * reads.
 */
export const columnsOfFixture = (table: string): Columns => ({
  TimeGenerated: 'datetime',
  [ARRIVAL]: 'datetime',
  ...(OWN_TABLES[table] ?? NATIVE_TABLES[table]),
})

/** A `let` that shadows a table: literal rows, times relative to the first run, the other columns empty. */
const shadow = (table: string, rows: readonly FixtureRow[]): string => {
  const columns = columnsOfFixture(table)
  const written = rows.map(
    (row): Pick<FixtureRow, 'note' | 'cells'> => ({
      note: row.note,
      cells: { ...row.cells, TimeGenerated: row.sent, [ARRIVAL]: row.arrived },
    }),
  )
  const used = Object.entries(columns).filter(([name]) => written.some((r) => name in r.cells))
  const unused = Object.entries(columns).filter(([name]) => !used.some(([other]) => other === name))
  if (used.length === 0) {
    return `let ${table} = datatable(${unused.map(([n, t]) => `${n}: ${t}`).join(', ')}) [];`
  }
  const times = used.filter(([, type]) => type === 'datetime').map(([name]) => `${name} = firstRun - ${name}`)
  const lines = written.flatMap((row, i) => [
    `    // ${row.note}`,
    `    ${used.map(([name, type]) => literal(row.cells[name], type)).join(', ')}${i < rows.length - 1 ? ',' : ''}`,
  ])
  return [
    `let ${table} = datatable(${used.map(([n, t]) => `${n}: ${t === 'datetime' ? 'timespan' : t}`).join(', ')}) [`,
    ...lines,
    ']',
    `| extend ${times.join(', ')}`,
    `| where ${ARRIVAL} <= now()`,
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

/** When the run is, for what refers to it: `0m` is the first. */
export const runAfter = (span: string): string =>
  `let sinceFirstRun = ${span};\nlet firstRun = now() - sinceFirstRun;`

/** A query with pipes that turn the alerts of a rule, or the rows of a function, into a verdict on the run. */
export const withVerdict = (query: string, { key, expected, next }: FixtureCase): string =>
  [
    query,
    `| summarize Alerts = count(), Fired = make_set(tostring(${key}))`,
    `| extend Expected = iff(sinceFirstRun == 0m, dynamic(${JSON.stringify(expected)}), dynamic(${JSON.stringify(next)}))`,
    '| extend Missing = set_difference(Expected, Fired), Unexpected = set_difference(Fired, Expected)',
    '| extend Verdict = iff(Alerts == array_length(Expected) and array_length(Missing) == 0 and array_length(Unexpected) == 0, "pass", "FAIL")',
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

const listed = (keys: readonly string[]): string => `${keys.length} of: ${keys.join('; ') || 'none'}.`

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
    '// Paste it into Logs of any Log Analytics workspace: it reads no table, all rows are below, times are relative to the first run.',
    `// A row says when it was sent (TimeGenerated) and when a query could first read it (${ARRIVAL}, for ingestion_time(), which only stored rows have).`,
    `// Expected: one row with Verdict "pass", after ${listed(fixture.expected)}`,
    `// For the next run write ${subject.every} for 0m below. Expected: "pass", after ${listed(fixture.next)}`,
    runAfter('0m'),
    ...shadowedTables(fixture, subject, parsers),
    ...(called(subject.query, parsers).some((p) => p.query.includes('_GetWatchlist')) ? [NO_WATCHLISTS] : []),
    ...called(subject.query, parsers).map(
      (p) => `let ${p.functionAlias} = () {\n${readingArrival(p.query.trimEnd())}\n};`,
    ),
    withVerdict(readingArrival(subject.query), fixture),
    '',
  ].join('\n')
