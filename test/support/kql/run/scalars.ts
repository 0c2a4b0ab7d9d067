import { isJsonObject } from '../../../../shared/encoding/json.ts'
import { AGGREGATES } from './aggregates.ts'
import { ARITHMETIC, arithmetic, negative } from './arithmetic.ts'
import { cell } from './columns.ts'
import { FUNCTIONS } from './functions/all-functions.ts'
import { dynamicValue, literal } from './literals.ts'
import { between, COMPARISONS, comparison, JUNCTIONS, junction } from './logic.ts'
import { hasTerms, membership } from './membership.ts'
import { type Compiler, constant, type Scalar, type Scope, scalar } from './model.ts'
import { nameIn, operandsOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { TEXT_OPERATORS, textTest } from './texts.ts'
import { emptyOf } from './values.ts'
import { WINDOWS } from './windows.ts'

type Rule = (node: KqlNode, scope: Scope, compiler: Compiler) => Scalar

const wordOf = (node: KqlNode): string => node.children.find(({ kind }) => kind === 'Token')?.text ?? ''

const binary: Rule = (node, scope, compiler) => {
  const operator = wordOf(node)
  const [left, right] = operandsOf(node).map((operand) => compiler.scalar(operand, scope))
  if (left === undefined || right === undefined) throw new NotCovered('an operand', node)
  if (operator in JUNCTIONS) return junction(operator, left, right, node)
  if (operator in COMPARISONS) return comparison(operator, left, right, node)
  if (operator in TEXT_OPERATORS) return textTest(operator, left, right, node)
  if (ARITHMETIC.includes(operator)) return arithmetic(operator, left, right, node)
  throw new NotCovered(`the operator ${operator}`, node)
}

const within: Rule = (node, scope, compiler) => {
  const [value, couple] = operandsOf(node)
  const [low, high] = operandsOf(couple as KqlNode).map((end) => compiler.scalar(end, scope))
  if (wordOf(node) !== 'between' || low === undefined || high === undefined)
    throw new NotCovered(`the operator ${wordOf(node)}`, node)
  return between(compiler.scalar(value as KqlNode, scope), low, high, node)
}

const listed =
  (work: typeof membership): Rule =>
  (node, scope, compiler) => {
    const [value, list] = operandsOf(node)
    return work(wordOf(node), compiler.scalar(value as KqlNode, scope), list as KqlNode, scope, compiler)
  }

/** A member of an object: null where there is none, or the value is no object. */
const member: Rule = (node, scope, compiler) => {
  const [of, name] = node.children
  const value = compiler.scalar(of as KqlNode, scope)
  if (value.type !== 'dynamic') throw new NotCovered(`a member of ${value.type}`, node)
  const key = nameIn(name)
  return scalar('dynamic', (row, place) => {
    const object = value.at(row, place)
    return isJsonObject(object) ? (object[key] ?? null) : null
  })
}

/** An element by number, from the end where negative, or a member by name. */
const element: Rule = (node, scope, compiler) => {
  const [of, brackets] = node.children
  const value = compiler.scalar(of as KqlNode, scope)
  const key = compiler.scalar(brackets?.children[0] as KqlNode, scope)
  if (value.type !== 'dynamic') throw new NotCovered(`an element of ${value.type}`, node)
  return scalar('dynamic', (row, place) => {
    const [whole, at] = [value.at(row, place), key.at(row, place)]
    if (Array.isArray(whole)) return typeof at === 'number' ? (whole.at(at) ?? null) : null
    return isJsonObject(whole) && typeof at === 'string' ? (whole[at] ?? null) : null
  })
}

/** The first cell of a table, worked out once in a run. */
const toScalar: Rule = (node, scope, compiler) => {
  const table = compiler.table(operandsOf(node)[0] as KqlNode, scope)
  const [column] = table.shape.columns
  if (column === undefined) throw new NotCovered('toscalar of no column', node)
  return scalar(column.type, (_, { run }) => table.rows(run)[0]?.cells[0] ?? emptyOf(column.type))
}

const columnOr = (list: KqlNode, scope: Scope, compiler: Compiler): Scalar => {
  const [name, otherwise] = operandsOf(list)
  const index = scope.shape.columns.findIndex((column) => column.name === name?.quoted)
  const column = scope.shape.columns[index]
  return column === undefined ? compiler.scalar(otherwise as KqlNode, scope) : cell(index, column)
}

const ingestionTime = (node: KqlNode): Scalar =>
  scalar('datetime', ({ arrivedAt }) => {
    if (arrivedAt === undefined)
      throw new NotCovered('ingestion_time() of rows that are not as in their table', node)
    return arrivedAt
  })

const call: Rule = (node, scope, compiler) => {
  const [called, list] = node.children
  const name = nameIn(called)
  if (name === 'column_ifexists') return columnOr(list as KqlNode, scope, compiler)
  if (name === 'ingestion_time') return ingestionTime(node)
  if (name in AGGREGATES) return aggregated(name, node, scope, compiler)
  const given = operandsOf(list as KqlNode).map((argument) => compiler.scalar(argument, scope))
  if (name in WINDOWS && !scope.shape.isOrdered) throw new NotCovered(`${name}() of rows in no order`, node)
  const build = FUNCTIONS[name] ?? WINDOWS[name]
  if (build === undefined) throw new NotCovered(`the function ${name}()`, node)
  const built = build(given)
  if (built === undefined) throw new NotCovered(`${name}(${given.map(({ type }) => type).join(', ')})`, node)
  return built
}

/** An aggregate has its value in the row that `summarize` makes of a group's aggregates. */
const aggregated = (name: string, node: KqlNode, scope: Scope, compiler: Compiler): Scalar => {
  if (scope.slotFor === undefined) throw new NotCovered(`the aggregate ${name}() where none can be`, node)
  const inner = { ...scope, slotFor: undefined }
  const given = operandsOf(node.children[1] as KqlNode).map((argument) => compiler.scalar(argument, inner))
  const aggregate = AGGREGATES[name]?.(given)
  if (aggregate === undefined)
    throw new NotCovered(`${name}(${given.map(({ type }) => type).join(', ')})`, node)
  return cell(scope.slotFor(aggregate), { name, type: aggregate.type })
}

/** Each kind of node that stands for a scalar, but names and calls of functions that the query declares. */
export const SCALARS: Readonly<Record<string, Rule>> = {
  BinaryExpression: binary,
  BetweenExpression: within,
  InExpression: listed(membership),
  HasAnyExpression: listed(hasTerms),
  HasAllExpression: listed(hasTerms),
  LiteralExpression: literal,
  DynamicExpression: (node) => constant('dynamic', dynamicValue(operandsOf(node)[0] as KqlNode)),
  PrefixUnaryExpression: (node, scope, compiler) => {
    if (wordOf(node) !== '-') throw new NotCovered(`the operator ${wordOf(node)}`, node)
    return negative(compiler.scalar(operandsOf(node)[0] as KqlNode, scope), node)
  },
  PathExpression: member,
  ElementExpression: element,
  ToScalarExpression: toScalar,
  FunctionCallExpression: call,
}
