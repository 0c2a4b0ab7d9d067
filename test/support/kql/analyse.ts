import { digestOf, kept } from './kept.ts'
import {
  type Globals,
  type KqlCode,
  type KqlDiagnostic,
  type KqlSymbol,
  kustoLanguage,
  listOf,
} from './language.ts'
import { nodesOf, type Syntax, syntaxOf } from './syntax.ts'

/** KQL types of columns, by name, of one table. */
export type Columns = Readonly<Record<string, string>>

const declaration = (columns: Columns): string =>
  `(${Object.entries(columns)
    .map(([name, type]) => `['${name}']:${type}`)
    .join(', ')})`

/** A saved function: its parameters as KQL writes them, and its text without the braces. */
export interface SavedFunction {
  readonly name: string
  readonly parameters: string
  readonly body: string
}

/** A query that gives these columns and no rows. */
export const noRowsOf = (columns: Columns): string => `datatable${declaration(columns)} []`

/** A function that has the columns of another one, and nothing to analyse at each call. */
export const standIn = (name: string, parameters: string, columns: Columns): SavedFunction => ({
  name,
  parameters,
  body: noRowsOf(columns),
})

/** A workspace as the language service sees it. */
export interface Workspace {
  readonly tables: Readonly<Record<string, Columns>>
  readonly functions: readonly SavedFunction[]
}

/** What is known of one query. */
export interface Analysis {
  readonly text: string
  /** Errors and warnings of the language service: `line:column code message`. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
  /** Output columns; `undefined` where the query gives no table or its columns cannot be known. */
  readonly columns?: Columns
  readonly syntax: Syntax
}

const place = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}

const analysisOf = (text: string, code: KqlCode): Analysis => {
  const remarks = listOf<KqlDiagnostic>(code.GetDiagnostics())
  const told = (severity: string) =>
    remarks
      .filter((d) => d.Severity === severity)
      .map((d) => `${place(text, d.Start)} ${d.Code} ${d.Message}`)
  const result = code.ResultType
  const known = result?.Columns !== undefined && result.IsOpen !== true
  return {
    text,
    errors: told('Error'),
    warnings: told('Warning'),
    ...(known && {
      columns: Object.fromEntries(
        listOf<KqlSymbol & { readonly Type: KqlSymbol }>(result.Columns).map((c) => [c.Name, c.Type.Name]),
      ),
    }),
    syntax: syntaxOf(code.Syntax),
  }
}

/** Symbols of tables, by their columns: to declare the tables of a workspace takes longer than to analyse a query. */
const declared = new WeakMap<Workspace['tables'], readonly KqlSymbol[]>()
function symbolsOf(tables: Workspace['tables']): readonly KqlSymbol[] {
  const known = declared.get(tables)
  if (known !== undefined) return known
  const { TableSymbol } = kustoLanguage().Symbols
  const symbols = Object.entries(tables).map(([name, columns]) =>
    TableSymbol.From(declaration(columns)).WithName(name),
  )
  declared.set(tables, symbols)
  return symbols
}

const globalsOf = ({ tables, functions }: Workspace): Globals => {
  const { GlobalState, Symbols } = kustoLanguage()
  const { FunctionSymbol, DatabaseSymbol, ClusterSymbol } = Symbols
  const database = new DatabaseSymbol.ctor('workspace', [
    ...symbolsOf(tables),
    ...functions.map((f) => new FunctionSymbol.$ctor16(f.name, f.parameters, `{ ${f.body}\n}`, null)),
  ])
  return GlobalState.Default.WithCluster(new ClusterSymbol.ctor('cluster', [database])).WithDatabase(database)
}

/**
 * Makes an analyser for one workspace. Every table and function that a query names must be in the
 * workspace.
 */
export const analyserFor = (workspace: Workspace): ((text: string) => Analysis) => {
  let globals: Globals | undefined
  return (text) => {
    globals ??= globalsOf(workspace)
    return analysisOf(text, kustoLanguage().KustoCode.ParseAndAnalyze(text, globals))
  }
}

/** The same, for queries that stay the same: what it has analysed is kept from one run of tests to the next. */
export const keptAnalyserFor = (workspace: Workspace): ((text: string) => Analysis) => {
  const analyse = analyserFor(workspace)
  const of = digestOf(JSON.stringify(workspace))
  return (text) => kept(of, text.trimEnd(), analyse)
}

/** Names of the tables and functions that a query refers to. */
export const referencesOf = ({ syntax }: Analysis): ReadonlySet<string> =>
  new Set(
    nodesOf(syntax).flatMap(({ symbol }) =>
      symbol !== undefined && /^(TableSymbol|FunctionSymbol)$/.test(symbol.type) ? [symbol.name] : [],
    ),
  )
