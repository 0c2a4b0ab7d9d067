import type { Json } from '../../../../shared/encoding/json.ts'
import { AGGREGATES } from './aggregates.ts'
import {
  type Aggregate,
  type Column,
  type Compiler,
  outside,
  type Row,
  type Run,
  type Scalar,
  type Scope,
  type Shape,
  type Step,
} from './model.ts'
import { columnNameOf, namedExpression, nameIn, operandsOf, parametersOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { compare, emptyOf, keyOf } from './values.ts'

/** Some columns of the result, from the rows of a group. */
interface Part {
  readonly columns: readonly Column[]
  readonly over: (rows: readonly Row[], run: Run) => readonly Json[]
}

const isExtreme = ({ kind, children: [called] }: KqlNode): boolean =>
  kind === 'FunctionCallExpression' && ['arg_max', 'arg_min'].includes(nameIn(called))

/** What the name of an aggregate's column begins with where the query gives none. */
const PREFIXES: Readonly<Record<string, string>> = {
  make_set: 'set_',
  make_set_if: 'set_',
  make_list: 'list_',
  make_list_if: 'list_',
  take_any: '',
  take_anyif: '',
}

const aggregateName = (node: KqlNode): string => {
  const [called, list] = node.children
  const [of] = list === undefined ? [] : operandsOf(list)
  const name = node.kind === 'FunctionCallExpression' ? nameIn(called) : ''
  if (!(name in AGGREGATES) || name === 'percentile') return columnNameOf(node)
  if (of === undefined || name === 'countif') return `${name}_`
  return `${PREFIXES[name] ?? `${name}_`}${columnNameOf(of)}`
}

/** The row that is greatest or least; where all are null, any; of several alike, the first. */
const extremeRow = (by: Scalar, sign: 1 | -1, rows: readonly Row[], run: Run): Row | undefined => {
  const place = outside(run)
  let best: { readonly row: Row; readonly value: Json } | undefined
  for (const row of rows) {
    const value = by.at(row, place)
    if (value !== null && (best === undefined || sign * compare(value, best.value) > 0)) best = { row, value }
  }
  return best?.row ?? rows[0]
}

/** `arg_max(by, *)`, `arg_min(by, a, b)`: as many columns as it returns. */
const extreme = (
  node: KqlNode,
  name: string | undefined,
  keys: readonly string[],
  scope: Scope,
  compiler: Compiler,
): Part => {
  const [called, list] = node.children
  const [byNode, ...wanted] = operandsOf(list as KqlNode)
  if (byNode === undefined) throw new NotCovered('arguments', node)
  const by = compiler.scalar(byNode, scope)
  const isMost = nameIn(called) === 'arg_max'
  const byName = byNode.kind === 'NameReference' ? nameIn(byNode) : isMost ? 'max_' : 'min_'
  const first = { name: name ?? byName, type: by.type }
  const others = wanted.flatMap((other): readonly { readonly column: Column; readonly value: Scalar }[] => {
    if (other.kind !== 'StarExpression') {
      const value = compiler.scalar(other, scope)
      return [{ column: { name: columnNameOf(other), type: value.type }, value }]
    }
    return scope.shape.columns.flatMap((column, i) => {
      if (keys.includes(column.name) || column.name === byName) return []
      return [
        {
          column,
          value: { is: 'scalar', type: column.type, at: (row) => row.cells[i] ?? emptyOf(column.type) },
        },
      ]
    })
  })
  return {
    columns: [first, ...others.map(({ column }) => column)],
    over: (rows, run) => {
      const row = extremeRow(by, isMost ? 1 : -1, rows, run)
      const values = [by, ...others.map(({ value }) => value)]
      return values.map((value) => (row === undefined ? emptyOf(value.type) : value.at(row, outside(run))))
    },
  }
}

/** An expression of aggregates, such as `round(percentile(x, 50), 1)`. */
const expression = (node: KqlNode, name: string | undefined, scope: Scope, compiler: Compiler): Part => {
  const aggregates: Aggregate[] = []
  const result = compiler.scalar(node, { ...scope, slotFor: (aggregate) => aggregates.push(aggregate) - 1 })
  return {
    columns: [{ name: name ?? aggregateName(node), type: result.type }],
    over: (rows, run) => {
      const cells = aggregates.map((aggregate) => aggregate.over(rows, run))
      return [result.at({ cells, arrivedAt: undefined }, outside(run))]
    },
  }
}

/** Names that come twice get the first number that makes them another name. */
export const unique = (columns: readonly Column[]): readonly Column[] => {
  const given = new Set(columns.map(({ name }) => name))
  const taken = new Set<string>()
  return columns.map((column) => {
    let name = column.name
    for (let i = 1; taken.has(name) || (name !== column.name && given.has(name)); i++)
      name = `${column.name}${i}`
    taken.add(name)
    return { ...column, name }
  })
}

const groupsOf = (keys: readonly Scalar[], rows: readonly Row[], run: Run) => {
  const groups = new Map<string, { readonly values: readonly Json[]; readonly rows: Row[] }>()
  const place = outside(run)
  for (const row of rows) {
    const values = keys.map((key) => key.at(row, place))
    const key = keyOf(values)
    const group = groups.get(key) ?? { values, rows: [] }
    group.rows.push(row)
    groups.set(key, group)
  }
  if (keys.length === 0 && groups.size === 0) groups.set('', { values: [], rows: [] })
  return groups.values()
}

/** `summarize`: without `by`, one row even of none. */
export const summarize = (node: KqlNode, shape: Shape, outer: Scope, compiler: Compiler): Step => {
  parametersOf(node, [])
  const scope = { ...outer, shape: { ...shape, isOrdered: false } }
  const clause = node.children.find(({ kind }) => kind === 'SummarizeByClause')
  const keys = (clause === undefined ? [] : operandsOf(clause)).map((key) => {
    const { name, node: of } = namedExpression(key)
    return { name: name ?? columnNameOf(of), of: compiler.scalar(of, scope) }
  })
  const parts = operandsOf(node)
    .filter((part) => part !== clause)
    .map((part) => {
      const { name, node: of } = namedExpression(part)
      return isExtreme(of)
        ? extreme(
            of,
            name,
            keys.map((key) => key.name),
            scope,
            compiler,
          )
        : expression(of, name, scope, compiler)
    })
  return {
    shape: {
      columns: unique([
        ...keys.map(({ name, of }) => ({ name, type: of.type })),
        ...parts.flatMap(({ columns }) => columns),
      ]),
      isOrdered: false,
    },
    apply: (rows, run) =>
      [
        ...groupsOf(
          keys.map(({ of }) => of),
          rows,
          run,
        ),
      ].map((group) => ({
        cells: [...group.values, ...parts.flatMap((part) => part.over(group.rows, run))],
        arrivedAt: undefined,
      })),
  }
}
