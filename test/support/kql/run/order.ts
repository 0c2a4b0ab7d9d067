import {
  type Compiler,
  NO_ROW,
  outside,
  type Row,
  type Run,
  type Scalar,
  type Scope,
  type Shape,
  type Step,
} from './model.ts'
import { operandsOf, parametersOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { compare } from './values.ts'

interface Order {
  readonly by: Scalar
  readonly isAscending: boolean
  readonly areNullsFirst: boolean
}

/** Descending where nothing is said; nulls are first where ascending, last where descending. */
const orderOf = (node: KqlNode, scope: Scope, compiler: Compiler): Order => {
  const [of, clause] = node.kind === 'OrderedExpression' ? node.children : [node]
  const words = clause?.text.trim().split(/\s+/) ?? []
  const isAscending = words.includes('asc')
  const areNullsFirst = words.includes('nulls') ? words.includes('first') : isAscending
  return { by: compiler.scalar(of as KqlNode, scope), isAscending, areNullsFirst }
}

const sorted = (orders: readonly Order[], rows: readonly Row[], run: Run): readonly Row[] => {
  const place = outside(run)
  const keyed = rows.map((row) => ({ row, keys: orders.map(({ by }) => by.at(row, place)) }))
  return keyed
    .toSorted((a, b) => {
      for (const [i, { isAscending, areNullsFirst }] of orders.entries()) {
        const [x, y] = [a.keys[i] ?? null, b.keys[i] ?? null]
        if (x === null || y === null) {
          if (x !== y) return (x === null) === areNullsFirst ? -1 : 1
          continue
        }
        const order = compare(x, y)
        if (order !== 0) return isAscending ? order : -order
      }
      return 0
    })
    .map(({ row }) => row)
}

/** `sort` and `order`. Rows that are alike keep their order, which Kusto does not promise. */
export const sort = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  parametersOf(node, [])
  const orders = operandsOf(node).map((part) => orderOf(part, { ...outer, shape }, compiler))
  return { shape: { ...shape, isOrdered: true }, apply: (rows, run) => sorted(orders, rows, run) }
}

const countOf = (node: KqlNode | undefined, scope: Scope, compiler: Compiler): ((run: Run) => number) => {
  if (node === undefined) throw new NotCovered('a number of rows')
  const count = compiler.scalar(node, scope)
  return (run) => count.at(NO_ROW, outside(run)) as number
}

/** `take` and `limit`: any rows in Kusto, the first here. */
export const take = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  const count = countOf(operandsOf(node)[0], outer, compiler)
  return { shape, apply: (rows, run) => rows.slice(0, count(run)) }
}

export const top = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  parametersOf(node, [])
  const [most, by, ...rest] = operandsOf(node)
  if (by === undefined || rest.length > 0) throw new NotCovered('the order', node)
  const count = countOf(most, outer, compiler)
  const order = orderOf(by, { ...outer, shape }, compiler)
  return {
    shape: { ...shape, isOrdered: true },
    apply: (rows, run) => sorted([order], rows, run).slice(0, count(run)),
  }
}
