import { isJsonObject, type Json } from '../../../../shared/encoding/json.ts'
import {
  type Column,
  type Compiler,
  type KqlType,
  outside,
  type Row,
  type Run,
  type Scalar,
  type Scope,
  type Shape,
  type Step,
} from './model.ts'
import { columnNameOf, namedExpression, operandsOf, parametersOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { emptyOf, typeOf } from './values.ts'

interface Expansion {
  readonly column: Column
  readonly of: Scalar
  readonly index: number
}

/** Elements of an array, members of an object. Null gives one null, an empty array gives none. */
const elementsOf = (value: Json, areBagsPairs: boolean): readonly Json[] => {
  if (Array.isArray(value)) return value
  if (!isJsonObject(value)) return [value]
  return Object.entries(value).map(
    ([name, member]): Json => (areBagsPairs ? [name, member] : { [name]: member }),
  )
}

/** `to typeof()` casts only. What Kusto makes of an element of another type is not clear from its page. */
const cast = (value: Json, type: KqlType): Json => {
  if (value === null) return emptyOf(type)
  const isOfType =
    type === 'dynamic' ||
    typeof value === (type === 'string' ? 'string' : type === 'bool' ? 'boolean' : 'number')
  if (!isOfType || type === 'datetime' || type === 'timespan')
    throw new NotCovered(`${JSON.stringify(value)} expanded to ${type}`)
  return value
}

const expansionOf = (node: KqlNode, scope: Scope, columns: Column[], compiler: Compiler): Expansion => {
  const [expression, clause] = operandsOf(node)
  const { name, node: of } = namedExpression(expression as KqlNode)
  const type = typeOf(/typeof\((\w+)\)/.exec(clause?.text ?? '')?.[1] ?? 'dynamic')
  const value = compiler.scalar(of, scope)
  if (value.type !== 'dynamic') throw new NotCovered(`expanding ${value.type}`, node)
  const column = { name: name ?? columnNameOf(of), type }
  const known = columns.findIndex((other) => other.name === column.name)
  const index = known < 0 ? columns.length : known
  columns[index] = column
  return { column, of: value, index }
}

const expanded = (
  expansions: readonly Expansion[],
  areBagsPairs: boolean,
  row: Row,
  run: Run,
): readonly Row[] => {
  const place = outside(run)
  const lists = expansions.map(({ of }) => elementsOf(of.at(row, place), areBagsPairs))
  return Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, n) => {
    const cells = [...row.cells]
    for (const [i, { column, index }] of expansions.entries())
      cells[index] = cast(lists[i]?.[n] ?? null, column.type)
    return { cells, arrivedAt: undefined }
  })
}

const expansionsOf = (node: KqlNode, kind: string, shape: Shape, outer: Scope, compiler: Compiler) => {
  const columns = [...shape.columns]
  const expansions = operandsOf(node)
    .filter((part) => part.kind === kind)
    .map((part) => expansionOf(part, { ...outer, shape }, columns, compiler))
  if (operandsOf(node).some(({ kind: other }) => other.endsWith('LimitClause')))
    throw new NotCovered('a limit', node)
  return { shape: { ...shape, columns }, expansions }
}

/** https://learn.microsoft.com/kusto/query/mv-expand-operator */
export const mvExpand = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  const { kind = 'bag' } = parametersOf(node, ['kind'])
  const { expansions, shape: result } = expansionsOf(node, 'MvExpandExpression', shape, outer, compiler)
  return {
    shape: result,
    apply: (rows, run) => rows.flatMap((row) => expanded(expansions, kind === 'array', row, run)),
  }
}

/** Columns of the row that go on beside those that the subquery gives. */
const beside = (shape: Shape, expansions: readonly Expansion[], given: Shape) =>
  shape.columns
    .map((column, index) => ({ column, index }))
    .filter(
      ({ column, index }) =>
        !expansions.some((e) => e.index === index) && !given.columns.some(({ name }) => name === column.name),
    )

/** https://learn.microsoft.com/kusto/query/mv-apply-operator */
export const mvApply = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  parametersOf(node, [])
  const { expansions, shape: inner } = expansionsOf(node, 'MvApplyExpression', shape, outer, compiler)
  const [subquery] = node.children.find(({ kind }) => kind === 'MvApplySubqueryExpression')?.children ?? []
  const step = compiler.step(subquery as KqlNode, { ...inner, isOrdered: false }, outer)
  const kept = beside(shape, expansions, step.shape)
  return {
    shape: { columns: [...kept.map(({ column }) => column), ...step.shape.columns], isOrdered: false },
    apply: (rows, run) =>
      rows.flatMap((row) => {
        const parts = expanded(expansions, false, row, run)
        if (parts.length === 0) return []
        return step.apply(parts, run).map(({ cells }) => ({
          cells: [...kept.map(({ index }) => row.cells[index] ?? null), ...cells],
          arrivedAt: undefined,
        }))
      }),
  }
}
