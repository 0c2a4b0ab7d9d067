import type { Json } from '../../../../shared/encoding/json.ts'
import type { Compiler, Row, Scope, Shape, Step } from './model.ts'
import { nameIn, operandsOf, parametersOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import { unique } from './summarize.ts'
import type { KqlNode } from './syntax.ts'
import { emptyOf, firstOfEach, keyOf } from './values.ts'

export const JOIN_KINDS = ['innerunique', 'inner', 'leftouter', 'leftanti', 'leftsemi'] as const
type Kind = (typeof JOIN_KINDS)[number]

const kindOf = (node: KqlNode): Kind => {
  const { kind = 'innerunique' } = parametersOf(node, ['kind'])
  const known = JOIN_KINDS.find((one) => one === kind)
  if (known === undefined) throw new NotCovered(`a join of kind ${kind}`, node)
  return known
}

const indexOf = (name: string, { columns }: Shape, node: KqlNode): number => {
  const index = columns.findIndex((column) => column.name === name)
  if (index < 0) throw new NotCovered(`no column ${name}`, node)
  return index
}

/** `on a` or `on $left.a == $right.b`: the cells to compare. */
const pairOf = (condition: KqlNode, left: Shape, right: Shape): readonly [number, number] => {
  if (condition.kind === 'NameReference') {
    const name = nameIn(condition)
    return [indexOf(name, left, condition), indexOf(name, right, condition)]
  }
  const [, a, b] = /^\s*\$left\.(\w+)\s*==\s*\$right\.(\w+)\s*$/.exec(condition.text) ?? []
  if (a === undefined || b === undefined) throw new NotCovered('a condition of join', condition)
  return [indexOf(a, left, condition), indexOf(b, right, condition)]
}

const cellsAt = (row: Row, indexes: readonly number[]): readonly Json[] =>
  indexes.map((i) => row.cells[i] ?? null)

const keyFor = (indexes: readonly number[]) => (row: Row) => keyOf(cellsAt(row, indexes))

/** Rows by their key. Whether null joins null in Kusto is not documented, so no query may ask it. */
const byKey = (rows: readonly Row[], indexes: readonly number[]) => {
  const found = new Map<string, Row[]>()
  let hasNull = false
  for (const row of rows) {
    const key = cellsAt(row, indexes)
    hasNull ||= key.includes(null)
    found.set(keyOf(key), [...(found.get(keyOf(key)) ?? []), row])
  }
  return { found, hasNull }
}

/** https://learn.microsoft.com/kusto/query/join-operator */
export const join = (node: KqlNode, left: Shape, outer: Scope, compiler: Compiler): Step => {
  const kind = kindOf(node)
  const [other, on] = operandsOf(node)
  if (other === undefined || on === undefined) throw new NotCovered('what to join on', node)
  const right = compiler.table(other, outer)
  const pairs = operandsOf(on).map((condition) => pairOf(condition, left, right.shape))
  for (const [a, b] of pairs) {
    const types = [left.columns[a]?.type, right.shape.columns[b]?.type]
    if (types[0] !== types[1] || types[0] === 'dynamic')
      throw new NotCovered(`joining ${types.join(' on ')}`, on)
  }
  const [leftKey, rightKey] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
  const keepsLeftAlone = kind === 'leftanti' || kind === 'leftsemi'
  const nobody = right.shape.columns.map(({ type }) => emptyOf(type))
  return {
    shape: {
      columns: keepsLeftAlone ? left.columns : unique([...left.columns, ...right.shape.columns]),
      isOrdered: false,
    },
    apply: (rows, run) => {
      const { found, hasNull } = byKey(right.rows(run), rightKey)
      const matchesOf = (row: Row): readonly Row[] => {
        const key = cellsAt(row, leftKey)
        if (!key.includes(null)) return found.get(keyOf(key)) ?? []
        if (hasNull) throw new NotCovered('null joined with null', on)
        return []
      }
      const joined = (row: Row, cells: readonly Json[]): Row => ({
        cells: [...row.cells, ...cells],
        arrivedAt: undefined,
      })
      if (kind === 'leftanti') return rows.filter((row) => matchesOf(row).length === 0)
      if (kind === 'leftsemi') return rows.filter((row) => matchesOf(row).length > 0)
      return (kind === 'innerunique' ? firstOfEach(rows, keyFor(leftKey)) : rows).flatMap((row) => {
        const matches = matchesOf(row)
        if (matches.length === 0) return kind === 'leftouter' ? [joined(row, nobody)] : []
        return matches.map(({ cells }) => joined(row, cells))
      })
    },
  }
}
