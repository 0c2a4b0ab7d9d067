import {
  type Column,
  type Compiler,
  NO_ROW,
  NO_SHAPE,
  outside,
  type Row,
  type Scalar,
  type Scope,
  type Table,
  tableOf,
} from './model.ts'
import { columnNameOf, namedExpression, nameIn, operandsOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import { unique } from './summarize.ts'
import type { KqlNode } from './syntax.ts'
import { commonType, typeOf } from './values.ts'

/** Columns as `(a: string, b: long)` declares them. */
export const declaredColumns = (nodes: readonly KqlNode[]): readonly Column[] =>
  nodes.map(({ children: [name, type] }) => ({ name: nameIn(name), type: typeOf(type?.text.trim() ?? '') }))

const ofType = (value: Scalar, column: Column | undefined, node: KqlNode): Scalar => {
  if (column === undefined || commonType(value.type, column.type) === undefined)
    throw new NotCovered(`a cell of ${value.type} in a column of ${column?.type ?? 'nothing'}`, node)
  return value
}

/** A table written out; its rows were never ingested. */
export const dataTable = (node: KqlNode, scope: Scope, compiler: Compiler): Table => {
  const [schema, ...cells] = operandsOf(node)
  const columns = declaredColumns(schema === undefined ? [] : operandsOf(schema))
  const values = cells.map((part, i) =>
    ofType(compiler.scalar(part, scope), columns[i % columns.length], part),
  )
  if (values.length % columns.length !== 0) throw new NotCovered('rows of other than all columns', node)
  return tableOf({ columns, isOrdered: false }, (run) =>
    Array.from({ length: values.length / columns.length }, (_, n): Row => {
      const row = values.slice(n * columns.length, (n + 1) * columns.length)
      return { cells: row.map((value) => value.at(NO_ROW, outside(run))), arrivedAt: null }
    }),
  )
}

/** `print a = 1, b`: one row. */
export const print = (node: KqlNode, scope: Scope, compiler: Compiler): Table => {
  const columns = operandsOf(node).map((part, i) => {
    const { name, node: of } = namedExpression(part)
    return {
      name: name ?? (of.kind === 'NameReference' ? columnNameOf(of) : `print_${i}`),
      value: compiler.scalar(of, scope),
    }
  })
  const shape = {
    columns: unique(columns.map(({ name, value }) => ({ name, type: value.type }))),
    isOrdered: true,
  }
  return tableOf(shape, (run) => [
    { cells: columns.map(({ value }) => value.at(NO_ROW, outside(run))), arrivedAt: null },
  ])
}

/** `range a from x to y step z`, both ends included. */
export const range = (node: KqlNode, scope: Scope, compiler: Compiler): Table => {
  const [name, ...limits] = operandsOf(node)
  const [from, to, step] = limits.map((limit) => compiler.scalar(limit, { ...scope, shape: NO_SHAPE }))
  if (from === undefined || to === undefined || step === undefined) throw new NotCovered('range', node)
  const shape = { columns: [{ name: nameIn(name), type: from.type }], isOrdered: true }
  return tableOf(shape, (run) => {
    const [first, last, by] = [from, to, step].map((limit) => limit.at(NO_ROW, outside(run)) as number)
    const rows: Row[] = []
    if (first === undefined || last === undefined || by === undefined || by <= 0)
      throw new NotCovered('range', node)
    for (let value = first; value <= last; value += by) rows.push({ cells: [value], arrivedAt: null })
    return rows
  })
}
