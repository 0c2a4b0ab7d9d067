import type { Json } from '../../../../shared/encoding/json.ts'
import { isOneOf, not } from './logic.ts'
import {
  type Compiler,
  type KqlType,
  onceInRun,
  type Place,
  type Scalar,
  type Scope,
  scalar,
} from './model.ts'
import { operandsOf } from './names.ts'
import { NotCovered } from './not-covered.ts'
import type { KqlNode } from './syntax.ts'
import { asText, hasTerm } from './texts.ts'
import { commonType } from './values.ts'

/** The values in brackets behind `in` and its like: scalars, arrays, or the first column of a table. */
interface Members {
  readonly types: readonly KqlType[]
  readonly at: (place: Place) => readonly Json[]
}

const scalarMembers = (members: readonly Scalar[]): Members => ({
  types: members.map(({ type }) => type).filter((type) => type !== 'dynamic'),
  at: (place) =>
    members.flatMap((member): readonly Json[] => {
      const value = member.at({ cells: [], arrivedAt: undefined }, place)
      return member.type === 'dynamic' && Array.isArray(value) ? value : [value]
    }),
})

const membersOf = (list: KqlNode, scope: Scope, compiler: Compiler): Members => {
  const meanings = operandsOf(list).map((node) => compiler.meaning(node, scope))
  const [first] = meanings
  if (meanings.length === 1 && first?.is === 'table') {
    return {
      types: first.shape.columns.slice(0, 1).map(({ type }) => type),
      at: ({ run }) => first.rows(run).map(({ cells }) => cells[0] ?? null),
    }
  }
  return scalarMembers(
    meanings.map((meaning) => {
      if (meaning.is !== 'scalar') throw new NotCovered('a list of other than scalars', list)
      return meaning
    }),
  )
}

const lower = (value: Json): Json => (typeof value === 'string' ? value.toLowerCase() : value)

/** `in`, `!in`, `in~`, `!in~`. The list cannot depend on the row. */
export const membership = (
  operator: string,
  value: Scalar,
  list: KqlNode,
  scope: Scope,
  compiler: Compiler,
): Scalar => {
  const members = membersOf(list, { ...scope, shape: { columns: [], isOrdered: false } }, compiler)
  const ignoresCase = operator.endsWith('~')
  if (value.type === 'dynamic' || members.types.some((type) => commonType(type, value.type) === undefined))
    throw new NotCovered(`${value.type} ${operator} ${members.types.join()}`, list)
  const key = {}
  return scalar('bool', (row, place) => {
    const set = onceInRun(
      place.run,
      key,
      () => new Set(members.at(place).map(ignoresCase ? lower : (v) => v)),
    )
    const at = value.at(row, place)
    const isMember = isOneOf(ignoresCase ? lower(at) : at, set)
    return operator.startsWith('!') ? not(isMember) : isMember
  })
}

/** `has_any`, `has_all`. */
export const hasTerms = (
  operator: string,
  value: Scalar,
  list: KqlNode,
  scope: Scope,
  compiler: Compiler,
): Scalar => {
  const members = membersOf(list, { ...scope, shape: { columns: [], isOrdered: false } }, compiler)
  const text = asText(value, list)
  return scalar('bool', (row, place) => {
    const within = text.at(row, place) as string
    const has = (term: Json): boolean => {
      if (typeof term !== 'string') throw new NotCovered(`${operator} of other than texts`, list)
      return hasTerm(within, term)
    }
    return operator === 'has_any' ? members.at(place).some(has) : members.at(place).every(has)
  })
}
