import { tableDeclarations } from '../../../shared/sinks/log-analytics/tables.ts'
import { type Analysis, type Columns, keptAnalyserFor, type SavedFunction, standIn } from './analyse.ts'
import { NATIVE_TABLES, STANDARD_COLUMNS } from './native-tables.ts'
import { type Parser, parsers } from './sentinel-content.ts'
import { RISK_STATE } from './summary-table.ts'

/** Log Analytics says `boolean` where KQL says `bool`. */
const kqlType = (type: string): string => (type === 'boolean' ? 'bool' : type)

/** Our own tables as KQL sees them: those of the exporter, and the one that a summary rule writes. */
export const OWN_TABLES: Readonly<Record<string, Columns>> = {
  ...Object.fromEntries(
    tableDeclarations().map((t) => [
      t.name,
      Object.fromEntries(t.columns.map((c) => [c.name, kqlType(c.type)])),
    ]),
  ),
  EntraWorkloadRiskState_CL: RISK_STATE,
}

/** Functions that Sentinel itself defines, as far as our queries call them. */
const BUILT_IN: readonly SavedFunction[] = [
  {
    name: '_GetWatchlist',
    parameters: '(alias:string)',
    body: 'print SearchKey="", _DTItemId="", LastUpdatedTimeUTC=now()',
  },
]

/** Our tables and the native ones that we read. */
export const WORKSPACE_TABLES: Readonly<Record<string, Columns>> = Object.fromEntries(
  Object.entries({ ...OWN_TABLES, ...NATIVE_TABLES }).map(([name, columns]) => [
    name,
    { ...STANDARD_COLUMNS, ...columns },
  ]),
)

/** A parser as analysed, and the analyser of everything that calls it. */
export interface AnalysedContent {
  readonly parsers: readonly { readonly parser: Parser; readonly analysis: Analysis }[]
  readonly analyse: (text: string) => Analysis
}

/** Text of a parser as a query of its own: its parameters take their defaults. */
const standalone = (parser: Parser): string =>
  parser.parameters === ''
    ? parser.query
    : `let parser = (${parser.parameters}) {\n${parser.query}\n};\nparser()`

/** Parsers, each after those that it calls. */
export const inOrderOfUse = (all: readonly Parser[]): readonly Parser[] => {
  const ordered: Parser[] = []
  const visit = (parser: Parser): void => {
    if (ordered.includes(parser)) return
    for (const other of calledBy(parser.query, all)) if (other !== parser) visit(other)
    ordered.push(parser)
  }
  all.forEach(visit)
  return ordered
}

/** Parsers that a query calls by name. */
export const calledBy = (query: string, all: readonly Parser[]): readonly Parser[] =>
  all.filter((p) => new RegExp(`\\b${p.functionAlias}\\s*\\(`).test(query))

/**
 * Analyses each parser once, then stands in for it by its columns: the language service would else
 * analyse a parser's text again at each call, which makes a hundred queries take a minute.
 */
const analysedContent = (all: readonly Parser[]): AnalysedContent => {
  const known: SavedFunction[] = [...BUILT_IN]
  const analysed = inOrderOfUse(all).map((parser) => {
    const analysis = keptAnalyserFor({ tables: WORKSPACE_TABLES, functions: known })(standalone(parser))
    known.push(standIn(parser.functionAlias, `(${parser.parameters})`, analysis.columns ?? {}))
    return { parser, analysis }
  })
  return { parsers: analysed, analyse: keptAnalyserFor({ tables: WORKSPACE_TABLES, functions: known }) }
}

let analysed: AnalysedContent | undefined
/** The content of this repository, analysed once by a process: that costs more than all queries. */
export const sentinelContent = (): AnalysedContent => {
  analysed ??= analysedContent(parsers())
  return analysed
}
