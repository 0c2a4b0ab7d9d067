import type { Columns, Workspace } from '../analyse.ts'
import { compiler } from './compiler.ts'
import { type Meaning, NO_SHAPE, type Row, type Scope, type Table, tableOf } from './model.ts'
import { NotCovered } from './not-covered.ts'
import { columnsOf, type ResultRow, type Rows, resultRow, storedRow } from './stored-rows.ts'
import { type KqlNode, parseKql } from './syntax.ts'

/** A workspace, with its watchlists as tables in KQL, by alias. */
export interface RunnableWorkspace extends Workspace {
  readonly watchlists: Readonly<Record<string, string>>
}

/** A query that is ready to be run, at any time over any rows. */
export interface ReadyQuery {
  readonly columns: Columns
  /** What it gives at a time, over the rows that had arrived by then. */
  readonly at: (time: string, rows: Rows) => readonly ResultRow[]
}

const NO_WATCHLIST = 'datatable(SearchKey: string) []'

/** Names of tables and functions of a workspace. */
const scopeOf = ({ tables, functions, watchlists }: RunnableWorkspace): Scope => {
  const known = new Map<string, Meaning>(
    Object.entries(tables).map(([name, columns]) => [
      name,
      tableOf({ columns: columnsOf(columns), isOrdered: false }, (run) => run.tables[name] ?? []),
    ]),
  )
  // Its columns are those of the watchlist
  known.set('_GetWatchlist', {
    is: 'function',
    call: (_, at) => {
      const alias = at.children[1]?.children[0]?.quoted ?? ''
      return compiler.block(parseKql(watchlists[alias] ?? NO_WATCHLIST), scope)
    },
  })
  const saved = new Map(functions.map((f) => [f.name, f]))
  const names = (name: string): Meaning | undefined => {
    const text = saved.get(name)
    if (text === undefined || known.has(name)) return known.get(name)
    const [declaration] = parseKql(`let ${name} = ${text.parameters} {\n${text.body}\n}`)
    known.set(name, compiler.meaning(declaration?.children.at(-1) as KqlNode, scope))
    return known.get(name)
  }
  const scope: Scope = { shape: NO_SHAPE, names, slotFor: undefined }
  return scope
}

const rowsBy = (time: number, { tables }: Workspace, rows: Rows): Readonly<Record<string, readonly Row[]>> =>
  Object.fromEntries(
    Object.entries(rows).map(([name, all]) => {
      const columns = columnsOf(tables[name] ?? {})
      const arrived = all
        .map((row) => storedRow(row, columns))
        .filter(({ arrivedAt }) => Number(arrivedAt) <= time)
      return [name, arrived]
    }),
  )

/** Says in an error which query it is about. */
const about = <T>(query: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new Error(`${what}\nin the query: ${query.trim().slice(0, 200)}`, { cause: error })
  }
}

const ready = (query: string, scope: Scope): Table => {
  const table = compiler.block(parseKql(query), scope)
  if (table.is !== 'table') throw new NotCovered('a result that is no table')
  return table
}

/**
 * Makes an interpreter of KQL for one workspace, which remembers what it has compiled. It covers
 * what coverage.md lists and throws on anything else. It is not Kusto:
 * docs/decisions/0021-own-interpreter-of-kql.md.
 */
export const interpreterFor = (workspace: RunnableWorkspace): ((query: string) => ReadyQuery) => {
  const scope = scopeOf(workspace)
  const remembered = new Map<string, ReadyQuery>()
  return (query) => {
    const known = remembered.get(query)
    if (known !== undefined) return known
    const { shape, rows } = about(query, () => ready(query, scope))
    const made: ReadyQuery = {
      columns: Object.fromEntries(shape.columns.map(({ name, type }) => [name, type])),
      at: (time, given) =>
        about(query, () => {
          const now = Date.parse(time)
          const run = { now, tables: rowsBy(now, workspace, given), remembered: new Map() }
          return rows(run).map((row) => resultRow(row, shape.columns))
        }),
    }
    remembered.set(query, made)
    return made
  }
}
