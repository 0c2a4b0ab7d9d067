import { type Analysis, nodeType } from './analyse.ts'
import { type Syntax, typeNameOf } from './language.ts'
import { NATIVE_TABLES } from './native-tables.ts'

/**
 * Tables that a workspace with this solution may lack: Microsoft's come with connectors, that of open
 * risk with a summary rule, which some clouds do not have.
 */
const OPTIONAL_TABLES: readonly string[] = [...Object.keys(NATIVE_TABLES), 'EntraWorkloadRiskState_CL']

const readsTable = ({ SimpleName, ReferencedSymbol }: Syntax, tables: ReadonlySet<string>): boolean =>
  tables.has(SimpleName ?? '') &&
  ReferencedSymbol !== null &&
  ReferencedSymbol !== undefined &&
  typeNameOf(ReferencedSymbol).endsWith('.TableSymbol')

/** The leg of a fuzzy union in which a table is read. */
const fuzzyLegOf = (text: string, table: Syntax): Syntax | undefined => {
  let leg: Syntax | undefined
  for (let node: Syntax | null | undefined = table; node; node = node.Parent) {
    if (nodeType(node) === 'UnionOperator')
      return /^union\s+isfuzzy=true\s/.test(text.slice(node.TextStart)) ? leg : undefined
    if (nodeType(node) === 'ParenthesizedExpression') leg = node
  }
  return undefined
}

/** A query without a leg, and without the comma and the remarks before it. */
const withoutLeg = (text: string, leg: Syntax): string =>
  text.slice(0, leg.TextStart).replace(/,(?:\s|\/\/.*\n)*$/, '') + text.slice(leg.End)

/**
 * What fails in a workspace that lacks these tables. A fuzzy union passes over a missing
 * table, and the rest of the query still needs its columns: the union must declare them in a leg
 * without rows.
 */
export const missingTableProblems = (
  analysis: Analysis,
  analyse: (text: string) => Analysis,
  missing: readonly string[] = OPTIONAL_TABLES,
): readonly string[] => {
  const tables = new Set(missing)
  const reads = analysis
    .nodes()
    .flatMap(({ type, node }) => (type === 'NameReference' && readsTable(node, tables) ? [node] : []))
    .map((table) => ({ table, leg: fuzzyLegOf(analysis.text, table) }))
  const unguarded = reads.filter(({ leg }) => leg === undefined).map(({ table }) => table.SimpleName)
  if (unguarded.length > 0) return unguarded.map((name) => `${name} is read outside a fuzzy union`)
  const legs = [...new Map(reads.flatMap(({ leg }) => (leg ? [[leg.TextStart, leg] as const] : []))).values()]
  if (legs.length === 0) return []
  const rest = analyse(legs.sort((a, b) => b.TextStart - a.TextStart).reduce(withoutLeg, analysis.text))
  const lost = Object.entries(analysis.columns ?? {}).filter(([name, type]) => rest.columns?.[name] !== type)
  return [...rest.errors, ...lost.map(([name]) => `column ${name} comes from a table that may be missing`)]
}
