import type { Analysis } from './analyse.ts'
import { NATIVE_TABLES } from './native-tables.ts'
import { nodesBelow, type Syntax } from './syntax.ts'

/**
 * Tables that a workspace with this solution may lack: Microsoft's come with connectors, that of open
 * risk with a summary rule, which some clouds do not have.
 */
const OPTIONAL_TABLES: readonly string[] = [...Object.keys(NATIVE_TABLES), 'EntraWorkloadRiskState_CL']

const readsTable = ({ type, name = '', symbol }: Syntax, tables: ReadonlySet<string>): boolean =>
  type === 'NameReference' && tables.has(name) && symbol?.type === 'TableSymbol'

/** The leg of a fuzzy union in which a table is read, by what is above the table. */
const fuzzyLegOf = (text: string, above: readonly Syntax[]): Syntax | undefined => {
  const union = above.findIndex(({ type }) => type === 'UnionOperator')
  if (union < 0 || !/^union\s+isfuzzy=true\s/.test(text.slice(above[union]?.start))) return undefined
  return above.slice(0, union).findLast(({ type }) => type === 'ParenthesizedExpression')
}

/** A query without a leg, and without the comma and the remarks before it. */
const withoutLeg = (text: string, leg: Syntax): string =>
  text.slice(0, leg.start).replace(/,(?:\s|\/\/.*\n)*$/, '') + text.slice(leg.end)

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
  const reads = nodesBelow(analysis.syntax, (node) => readsTable(node, tables)).map(({ node, above }) => ({
    table: node,
    leg: fuzzyLegOf(analysis.text, above),
  }))
  const unguarded = reads.filter(({ leg }) => leg === undefined).map(({ table }) => table.name)
  if (unguarded.length > 0) return unguarded.map((name) => `${name} is read outside a fuzzy union`)
  const legs = [...new Map(reads.flatMap(({ leg }) => (leg ? [[leg.start, leg] as const] : []))).values()]
  if (legs.length === 0) return []
  const rest = analyse(legs.sort((a, b) => b.start - a.start).reduce(withoutLeg, analysis.text))
  const lost = Object.entries(analysis.columns ?? {}).filter(([name, type]) => rest.columns?.[name] !== type)
  return [...rest.errors, ...lost.map(([name]) => `column ${name} comes from a table that may be missing`)]
}
