import type { Analysis } from './analyse.ts'
import { nodesBelow, nodesOf, type Syntax } from './syntax.ts'

const NUMBERS = new Set(['int', 'long', 'real', 'decimal'])
const EQUALITY = new Set(['==', '!=', '=~', '!~'])

const lineOf = (analysis: Analysis, node: Syntax): number =>
  analysis.text.slice(0, node.start).split('\n').length

const binaries = ({ syntax }: Analysis): readonly Syntax[] =>
  nodesOf(syntax).filter(({ type }) => type === 'BinaryExpression')

/** `contains` reads every value; `has` uses the index of terms. */
export const containsInsteadOfHas = (analysis: Analysis): readonly string[] =>
  binaries(analysis)
    .filter(({ operator = '' }) => /^!?contains(_cs)?$/.test(operator))
    .map((n) => `${lineOf(analysis, n)}: ${n.operator} where has would do`)

/**
 * The language service lets any two scalars be compared, so that `ResultType == 0` on a text column
 * passes it. Nothing proves that the engine then converts as meant.
 */
export const mixedComparisons = (analysis: Analysis): readonly string[] =>
  binaries(analysis).flatMap((n) => {
    const [left, right] = n.children.map(({ resultType }) => resultType ?? 'unknown')
    const types = [left ?? 'unknown', right ?? 'unknown']
    const comparable =
      types[0] === types[1] ||
      types.some((t) => ['dynamic', 'unknown', 'null'].includes(t)) ||
      types.every((t) => NUMBERS.has(t))
    return EQUALITY.has(n.operator ?? '') && !comparable
      ? [`${lineOf(analysis, n)}: ${types[0]} ${n.operator} ${types[1]}`]
      : []
  })

const mentions = (node: Syntax, name: string): boolean =>
  nodesOf(node).some((n) => n.type === 'NameReference' && n.name === name)

/** Whether some pipe over a node filters on `TimeGenerated`. */
const filteredByTime = (node: Syntax, above: readonly Syntax[]): boolean =>
  above.some(
    ({ type, children: [upstream, operator] }, i) =>
      type === 'PipeExpression' &&
      upstream === (above[i - 1] ?? node) &&
      operator?.type === 'FilterOperator' &&
      mentions(operator, 'TimeGenerated'),
  )

/** Tables and functions among `sources` that are read without a filter on the time of sending. */
export const withoutTimeFilter = (analysis: Analysis, sources: ReadonlySet<string>): readonly string[] =>
  nodesBelow(analysis.syntax, ({ type, name = '' }) => type === 'NameReference' && sources.has(name))
    .filter(({ node, above }) => node.symbol !== undefined && !filteredByTime(node, above))
    .map(({ node }) => `${lineOf(analysis, node)}: ${node.name} is read without a filter on TimeGenerated`)

const CLOCKS = new Set(['ago', 'now'])

const readsClock = (side: Syntax): boolean =>
  nodesOf(side).some(
    ({ type, children: [called] }) => type === 'FunctionCallExpression' && CLOCKS.has(called?.name ?? ''),
  )

const sidesOf = ({ type, operator = '', children }: Syntax): readonly Syntax[] =>
  type === 'BetweenExpression' || (type === 'BinaryExpression' && /^[<>=]=?$/.test(operator)) ? children : []

const datetimeColumns = (side: Syntax): readonly string[] =>
  nodesOf(side).flatMap(({ type, resultType, name = '' }) =>
    type === 'NameReference' && resultType === 'datetime' && !CLOCKS.has(name) ? [name] : [],
  )

/**
 * Columns that a query compares with `ago(…)` or `now()`: on these it depends when a row is looked
 * at.
 */
export const columnsComparedWithNow = (analysis: Analysis): ReadonlySet<string> =>
  new Set(
    nodesOf(analysis.syntax)
      .map(sidesOf)
      .filter((sides) => sides.some(readsClock))
      .flatMap((sides) => sides.flatMap(datetimeColumns)),
  )
