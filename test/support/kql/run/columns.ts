import {
  type Column,
  type Compiler,
  type Place,
  type Row,
  type Scalar,
  type Scope,
  type Shape,
  type Step,
  scalar,
} from './model.ts'
import { columnNameOf, namedExpression, nameIn, operandsOf, parametersOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { firstOfEach, keyOf } from './values.ts'

/** A column of the rows as an expression. */
export const cell = (index: number, { type }: Column): Scalar =>
  scalar(type, ({ cells }) => cells[index] ?? null)

/** Works out expressions for each row, at its place among the others. */
const forEach = (
  rows: readonly Row[],
  run: Place['run'],
  work: (row: Row, place: Place) => Row,
): readonly Row[] => {
  const windows: Place['windows'] = new Map()
  return rows.map((row, index) => work(row, { run, rows, index, windows }))
}

const named = (node: KqlNode, scope: Scope, compiler: Compiler) => {
  const { name, node: of } = namedExpression(node)
  return { name: name ?? columnNameOf(of), value: compiler.scalar(of, scope) }
}

export const extend = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  const scope = { ...outer, shape }
  const added = operandsOf(node).map((part) => named(part, scope, compiler))
  const columns: Column[] = [...shape.columns]
  const places = added.map(({ name, value }) => {
    const known = columns.findIndex((column) => column.name === name)
    const index = known < 0 ? columns.length : known
    columns[index] = { name, type: value.type }
    return index
  })
  return {
    shape: { ...shape, columns },
    apply: (rows, run) =>
      forEach(rows, run, (row, place) => {
        const cells = [...row.cells]
        for (const [i, { value }] of added.entries()) cells[places[i] ?? 0] = value.at(row, place)
        return { ...row, cells }
      }),
  }
}

/** What rows keep of a table they lose: after `project` Kusto does not say when a row arrived. */
const chosen = (
  columns: readonly { readonly name: string; readonly value: Scalar }[],
  isOrdered: boolean,
): Step => ({
  shape: { columns: columns.map(({ name, value }) => ({ name, type: value.type })), isOrdered },
  apply: (rows, run) =>
    forEach(rows, run, (row, place) => ({
      cells: columns.map(({ value }) => value.at(row, place)),
      arrivedAt: undefined,
    })),
})

export const project = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step =>
  chosen(
    operandsOf(node).map((part) => named(part, { ...outer, shape }, compiler)),
    shape.isOrdered,
  )

/** Whether a column is meant by a name, which may hold `*`. */
const isMeant = (name: string, node: KqlNode): boolean => {
  const [inner] = node.children
  if (inner?.kind !== 'WildcardedName') return nameIn(node) === name
  return new RegExp(`^${inner.text.replaceAll('*', '.*')}$`).test(name)
}

export const projectAway = (node: KqlNode, shape: Shape): Step => {
  const away = operandsOf(node)
  for (const gone of away) {
    if (!shape.columns.some(({ name }) => isMeant(name, gone)))
      throw new NotCovered(`no column ${gone.text}`, node)
  }
  const kept = shape.columns.flatMap((column, i) =>
    away.some((gone) => isMeant(column.name, gone)) ? [] : [{ name: column.name, value: cell(i, column) }],
  )
  return chosen(kept, shape.isOrdered)
}

export const projectRename = (node: KqlNode, shape: Shape): Step => {
  const names = new Map(
    operandsOf(node).map((part) => {
      const { name, node: of } = namedExpression(part)
      return [nameIn(of), name ?? '']
    }),
  )
  return {
    shape: { ...shape, columns: shape.columns.map((c) => ({ ...c, name: names.get(c.name) ?? c.name })) },
    apply: (rows) => rows,
  }
}

export const distinctRows = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  parametersOf(node, [])
  const parts = operandsOf(node)
  const columns = parts.some(({ kind }) => kind === 'StarExpression')
    ? shape.columns.map((column, i) => ({ name: column.name, value: cell(i, column) }))
    : parts.map((part) => named(part, { ...outer, shape }, compiler))
  const step = chosen(columns, false)
  return {
    shape: step.shape,
    apply: (rows, run) => {
      return firstOfEach(step.apply(rows, run), ({ cells }) => keyOf(cells))
    },
  }
}

export const filter = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  parametersOf(node, [])
  const [predicate, ...rest] = operandsOf(node)
  if (predicate === undefined || rest.length > 0) throw new NotCovered('the condition', node)
  const holds = compiler.scalar(predicate, { ...outer, shape })
  if (holds.type !== 'bool') throw new NotCovered(`a condition of ${holds.type}`, node)
  return {
    shape,
    apply: (rows, run) => {
      const windows: Place['windows'] = new Map()
      return rows.filter((row, index) => holds.at(row, { run, rows, index, windows }) === true)
    },
  }
}
