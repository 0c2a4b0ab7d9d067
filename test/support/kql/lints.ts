import { type Analysis, nodesOf, nodeType, type TypedNode } from './analyse.ts'
import type { Syntax } from './language.ts'

const NUMBERS = new Set(['int', 'long', 'real', 'decimal'])
const EQUALITY = new Set(['==', '!=', '=~', '!~'])

const lineOf = (analysis: Analysis, node: Syntax): number =>
  analysis.text.slice(0, node.TextStart).split('\n').length

const binaries = (analysis: Analysis): readonly Syntax[] =>
  analysis.nodes().flatMap(({ type, node }) => (type === 'BinaryExpression' ? [node] : []))

/** `contains` reads every value; `has` uses the index of terms. */
export const containsInsteadOfHas = (analysis: Analysis): readonly string[] =>
  binaries(analysis)
    .filter((n) => /^!?contains(_cs)?$/.test(n.Operator?.Text ?? ''))
    .map((n) => `${lineOf(analysis, n)}: ${n.Operator?.Text} where has would do`)

/**
 * The language service lets any two scalars be compared, so that `ResultType == 0` on a text column
 * passes it. Nothing proves that the engine then converts as meant.
 */
export const mixedComparisons = (analysis: Analysis): readonly string[] =>
  binaries(analysis).flatMap((n) => {
    const types = [n.Left?.ResultType?.Name ?? 'unknown', n.Right?.ResultType?.Name ?? 'unknown']
    const comparable =
      types[0] === types[1] ||
      types.some((t) => ['dynamic', 'unknown', 'null'].includes(t)) ||
      types.every((t) => NUMBERS.has(t))
    return EQUALITY.has(n.Operator?.Text ?? '') && !comparable
      ? [`${lineOf(analysis, n)}: ${types[0]} ${n.Operator?.Text} ${types[1]}`]
      : []
  })

const mentions = (node: Syntax | null | undefined, name: string): boolean =>
  node !== null &&
  node !== undefined &&
  nodesOf(node).some((n) => n.type === 'NameReference' && n.node.SimpleName === name)

/** Whether some pipe over this node filters on `TimeGenerated`. */
const filteredByTime = (node: Syntax): boolean => {
  for (let child = node, parent = node.Parent; parent; child = parent, parent = parent.Parent) {
    if (nodeType(parent) !== 'PipeExpression') continue
    const operator = parent.GetChild(parent.ChildCount - 1)
    const upstream = parent.GetChild(0)
    if (
      upstream === child &&
      nodeType(operator ?? parent) === 'FilterOperator' &&
      mentions(operator, 'TimeGenerated')
    )
      return true
  }
  return false
}

/** Tables and functions among `sources` that are read without a filter on the time of sending. */
export const withoutTimeFilter = (analysis: Analysis, sources: ReadonlySet<string>): readonly string[] =>
  analysis
    .nodes()
    .filter(({ type, node }) => type === 'NameReference' && sources.has(node.SimpleName ?? ''))
    .filter(({ node }) => node.ReferencedSymbol && !filteredByTime(node))
    .map(
      ({ node }) => `${lineOf(analysis, node)}: ${node.SimpleName} is read without a filter on TimeGenerated`,
    )

const CLOCKS = new Set(['ago', 'now'])

const readsClock = (side: Syntax): boolean =>
  nodesOf(side).some(
    ({ type, node }) =>
      type === 'FunctionCallExpression' && CLOCKS.has((node.Name as Syntax).SimpleName ?? ''),
  )

const sidesOf = ({ type, node }: TypedNode): readonly Syntax[] =>
  type === 'BetweenExpression' || (type === 'BinaryExpression' && /^[<>=]=?$/.test(node.Operator?.Text ?? ''))
    ? [node.Left, node.Right].flatMap((side) => side ?? [])
    : []

const datetimeColumns = (side: Syntax): readonly string[] =>
  nodesOf(side).flatMap(({ type, node }) =>
    type === 'NameReference' && node.ResultType?.Name === 'datetime' && !CLOCKS.has(node.SimpleName ?? '')
      ? [node.SimpleName ?? '']
      : [],
  )

/**
 * Columns that a query compares with `ago(…)` or `now()`: on these it depends when a row is looked
 * at.
 */
export const columnsComparedWithNow = (analysis: Analysis): ReadonlySet<string> =>
  new Set(
    analysis
      .nodes()
      .map(sidesOf)
      .filter((sides) => sides.some(readsClock))
      .flatMap((sides) => sides.flatMap(datetimeColumns)),
  )
