import type { Json } from '../../../../shared/encoding/json.ts'
import type { Column, Compiler, Row, Scope, Shape, Step, Table } from './model.ts'
import { operandsOf, parametersOf } from './names.ts'
import { MissingTable, NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { emptyOf } from './values.ts'

const legOf = (node: KqlNode, scope: Scope, compiler: Compiler, isFuzzy: boolean): readonly Table[] => {
  try {
    return [compiler.table(node, scope)]
  } catch (error) {
    if (isFuzzy && error instanceof MissingTable) return []
    throw error
  }
}

const columnsOf = (shapes: readonly Shape[], node: KqlNode): readonly Column[] => {
  const columns = new Map<string, Column>()
  for (const column of shapes.flatMap((shape) => shape.columns)) {
    const known = columns.get(column.name) ?? column
    if (known.type !== column.type)
      throw new NotCovered(`a union of ${column.name} as ${known.type} and as ${column.type}`, node)
    columns.set(column.name, known)
  }
  return [...columns.values()]
}

/** Rows of one shape under more columns. */
const under = (columns: readonly Column[], shape: Shape): ((row: Row) => Row) => {
  const places = columns.map(({ name }) => shape.columns.findIndex((column) => column.name === name))
  return ({ cells, arrivedAt }) => ({
    cells: columns.map(({ type }, i): Json => cells[places[i] ?? -1] ?? emptyOf(type)),
    arrivedAt,
  })
}

/** `union`, after a pipe or not: the columns of all. Fuzzy, it passes over tables that there are not. */
export const union = (node: KqlNode, piped: Shape | undefined, scope: Scope, compiler: Compiler): Step => {
  const { isfuzzy } = parametersOf(node, ['isfuzzy'])
  const legs = operandsOf(node).flatMap((leg) => legOf(leg, scope, compiler, isfuzzy === 'true'))
  const shapes = [...(piped === undefined ? [] : [piped]), ...legs.map(({ shape }) => shape)]
  if (shapes.length === 0) throw new MissingTable(`in ${node.text.trim()}`)
  const columns = columnsOf(shapes, node)
  const widen = shapes.map((shape) => under(columns, shape))
  return {
    shape: { columns, isOrdered: false },
    apply: (rows, run) => {
      const tables = [...(piped === undefined ? [] : [rows]), ...legs.map((leg) => leg.rows(run))]
      return tables.flatMap((table, i) => table.map((row) => widen[i]?.(row) ?? row))
    },
  }
}
