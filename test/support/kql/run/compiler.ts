import { cell } from './columns.ts'
import { declaredFunction } from './declared-functions.ts'
import {
  type Argument,
  type Compiler,
  type Meaning,
  NO_SHAPE,
  type Scope,
  type Shape,
  type Step,
  type Table,
  tableOf,
} from './model.ts'
import { namedExpression, nameIn, operandsOf } from './names.ts'
import { MissingTable, NotCovered } from './not-covered.ts'
import { SCALARS } from './scalars.ts'
import { dataTable, print, range } from './sources.ts'
import { STEPS } from './steps.ts'
import type { KqlNode } from './syntax.ts'
import { union } from './union.ts'

const withoutRow = (scope: Scope): Scope => ({ ...scope, shape: NO_SHAPE, slotFor: undefined })

/** Each kind of node that gives a table by itself. */
export const SOURCES: Readonly<Record<string, (node: KqlNode, scope: Scope, compiler: Compiler) => Table>> = {
  DataTableExpression: dataTable,
  PrintOperator: print,
  RangeOperator: range,
  UnionOperator: (node, scope, compiler) => {
    const step = union(node, undefined, scope, compiler)
    return tableOf(step.shape, (run) => step.apply([], run))
  },
  MaterializeExpression: (node, scope, compiler) => compiler.table(operandsOf(node)[0] as KqlNode, scope),
  PipeExpression: (node, scope, compiler) => {
    const [above, operator] = node.children
    const table = compiler.table(above as KqlNode, scope)
    const step = compiler.step(operator as KqlNode, table.shape, scope)
    return tableOf(step.shape, (run) => step.apply(table.rows(run), run))
  },
}

const nameMeaning = (node: KqlNode, scope: Scope): Meaning => {
  const name = nameIn(node)
  const index = scope.shape.columns.findIndex((column) => column.name === name)
  const column = scope.shape.columns[index]
  if (column !== undefined) return cell(index, column)
  const meaning = scope.names(name)
  if (meaning !== undefined) return meaning
  if (scope.shape.columns.length > 0) throw new NotCovered(`no column ${name}`, node)
  throw new MissingTable(name)
}

const argumentsOf = (list: KqlNode | undefined, scope: Scope): readonly Argument[] =>
  (list === undefined ? [] : operandsOf(list)).map((part) => {
    const { name, node } = namedExpression(part)
    const found = meaning(node, scope)
    if (found.is === 'function') throw new NotCovered('a function as argument', part)
    return { name, meaning: found }
  })

const meaning = (node: KqlNode, scope: Scope): Meaning => {
  const [first, second] = node.children
  switch (node.kind) {
    case 'NameReference': {
      const found = nameMeaning(node, scope)
      return found.is === 'function' ? found.call([], node) : found
    }
    case 'ParenthesizedExpression':
      return meaning(operandsOf(node)[0] as KqlNode, scope)
    case 'FunctionDeclaration':
      return declaredFunction(node, scope, compiler)
    case 'FunctionCallExpression': {
      const declared = scope.names(nameIn(first))
      if (declared?.is === 'function') return declared.call(argumentsOf(second, scope), node)
      if (SCALARS[node.kind] === undefined) break
      return SCALARS[node.kind]?.(node, scope, compiler) as Meaning
    }
  }
  const source = SOURCES[node.kind]
  if (source !== undefined) return source(node, withoutRow(scope), compiler)
  const scalar = SCALARS[node.kind]
  if (scalar === undefined) throw new NotCovered(node.kind, node)
  return scalar(node, scope, compiler)
}

const step = (node: KqlNode, shape: Shape, scope: Scope): Step => {
  if (node.kind === 'PipeExpression') {
    const [above, operator] = node.children
    const first = step(above as KqlNode, shape, scope)
    const second = step(operator as KqlNode, first.shape, scope)
    return { shape: second.shape, apply: (rows, run) => second.apply(first.apply(rows, run), run) }
  }
  const rule = STEPS[node.kind]
  if (rule === undefined) throw new NotCovered(node.kind, node)
  return rule(node, shape, withoutRow(scope), compiler)
}

/** A `let` is looked at when it is first named: one that names a missing table troubles only who asks for it. */
const withLet = (node: KqlNode, scope: Scope): Scope => {
  const [declared, value] = operandsOf(node)
  const name = nameIn(declared)
  let found: Meaning | undefined
  return {
    ...scope,
    names: (sought) => {
      if (sought !== name) return scope.names(sought)
      found ??= meaning(value as KqlNode, scope)
      return found
    },
  }
}

const block = (nodes: readonly KqlNode[], outer: Scope): Meaning => {
  let scope = outer
  for (const [i, node] of nodes.entries()) {
    if (node.kind === 'LetStatement') scope = withLet(node, scope)
    else if (i < nodes.length - 1) throw new NotCovered('more than one result', node)
    else return meaning(node.kind === 'ExpressionStatement' ? (operandsOf(node)[0] as KqlNode) : node, scope)
  }
  throw new NotCovered('a query without a result')
}

/** Compiles queries to closures. */
export const compiler: Compiler = {
  meaning,
  step,
  block,
  scalar: (node, scope) => {
    const found = meaning(node, scope)
    if (found.is !== 'scalar') throw new NotCovered(`a ${found.is} where a scalar should be`, node)
    return found
  },
  table: (node, scope) => {
    const found = meaning(node, withoutRow(scope))
    if (found.is !== 'table') throw new NotCovered(`a ${found.is} where a table should be`, node)
    return found
  },
}
