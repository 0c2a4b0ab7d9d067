import {
  type KqlCode,
  type KqlDiagnostic,
  type KqlSymbol,
  kustoLanguage,
  listOf,
  type Syntax,
  typeNameOf,
} from './language.ts'

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
  readonly columns: Columns | undefined
  /** All nodes of the syntax tree, parents first; walked when first asked for. */
  readonly nodes: () => readonly TypedNode[]
}

/** A node with the last part of its type's name, such as `BinaryExpression`. */
export interface TypedNode {
  readonly type: string
  readonly node: Syntax
}

const place = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}

const collect = (node: Syntax, into: TypedNode[]): void => {
  into.push({ type: nodeType(node), node })
  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i)
    if (child !== null) collect(child, into)
  }
}

/** A node and all below it. */
export const nodesOf = (root: Syntax): readonly TypedNode[] => {
  const nodes: TypedNode[] = []
  collect(root, nodes)
  return nodes
}

/** The last part of a node's type name. */
export const nodeType = (node: Syntax): string => {
  const name = typeNameOf(node)
  return name.slice(name.lastIndexOf('.') + 1)
}

const analysisOf = (text: string, code: KqlCode): Analysis => {
  const remarks = listOf<KqlDiagnostic>(code.GetDiagnostics())
  const told = (severity: string) =>
    remarks
      .filter((d) => d.Severity === severity)
      .map((d) => `${place(text, d.Start)} ${d.Code} ${d.Message}`)
  const result = code.ResultType
  const known = result?.Columns !== undefined && result.IsOpen !== true
  let nodes: readonly TypedNode[] | undefined
  return {
    text,
    errors: told('Error'),
    warnings: told('Warning'),
    columns: known
      ? Object.fromEntries(
          listOf<KqlSymbol & { readonly Type: KqlSymbol }>(result.Columns).map((c) => [c.Name, c.Type.Name]),
        )
      : undefined,
    nodes: () => {
      nodes ??= nodesOf(code.Syntax)
      return nodes
    },
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

/**
 * Makes an analyser for one workspace, which remembers what it has analysed.
 * Every table and function that a query names must be in the workspace.
 */
export const analyserFor = ({ tables, functions }: Workspace): ((text: string) => Analysis) => {
  const { KustoCode, GlobalState, Symbols } = kustoLanguage()
  const { FunctionSymbol, DatabaseSymbol, ClusterSymbol } = Symbols
  const database = new DatabaseSymbol.ctor('workspace', [
    ...symbolsOf(tables),
    ...functions.map((f) => new FunctionSymbol.$ctor16(f.name, f.parameters, `{ ${f.body}\n}`, null)),
  ])
  const globals = GlobalState.Default.WithCluster(new ClusterSymbol.ctor('cluster', [database])).WithDatabase(
    database,
  )
  const remembered = new Map<string, Analysis>()
  return (text) => {
    const known = remembered.get(text)
    if (known !== undefined) return known
    const analysis = analysisOf(text, KustoCode.ParseAndAnalyze(text, globals))
    remembered.set(text, analysis)
    return analysis
  }
}

/** Names of the tables and functions that a query refers to. */
export const referencesOf = (analysis: Analysis): ReadonlySet<string> => {
  const names = new Set<string>()
  for (const { node } of analysis.nodes()) {
    const symbol = node.ReferencedSymbol
    if (symbol && /\.(TableSymbol|FunctionSymbol)$/.test(typeNameOf(symbol))) names.add(symbol.Name)
  }
  return names
}
