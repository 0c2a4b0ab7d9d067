import { isJsonObject, type Json } from '../../../../../shared/encoding/json.ts'
import { type Scalar, scalar } from '../model.ts'
import { distinct, dynamicOf, keyOf, textOf } from '../values.ts'
import { type Builder, type Functions, strict } from './signature.ts'

type JsonArray = readonly Json[]

const isArray = (value: Json): value is JsonArray => Array.isArray(value)

const packed: Builder = (given) =>
  scalar('dynamic', (row, place) => given.map((value) => dynamicOf(value.at(row, place), value.type)))

const bag: Builder = (given) => {
  const names = given.filter((_, i) => i % 2 === 0)
  const values = given.filter((_, i) => i % 2 === 1)
  if (names.length !== values.length || names.some(({ type }) => type !== 'string')) return undefined
  return scalar('dynamic', (row, place) =>
    Object.fromEntries(
      names.map((name, i) => {
        const value = values[i] as Scalar
        return [name.at(row, place), dynamicOf(value.at(row, place), value.type)]
      }),
    ),
  )
}

/** A function of two or more arrays; null where one is none. */
const ofSets =
  (compute: (first: JsonArray, others: readonly JsonArray[]) => JsonArray): Builder =>
  (given) => {
    if (given.length < 2 || given.some(({ type }) => type !== 'dynamic')) return undefined
    return scalar('dynamic', (row, place) => {
      const sets = given.map((set) => set.at(row, place))
      const [first, ...others] = sets.filter(isArray)
      return first === undefined || others.length < given.length - 1 ? null : distinct(compute(first, others))
    })
  }

const keysOf = (sets: readonly JsonArray[]): readonly ReadonlySet<string>[] =>
  sets.map((set) => new Set(set.map(keyOf)))

const hasElement: Builder = (given) => {
  const [set, element] = given
  if (given.length !== 2 || set?.type !== 'dynamic' || element === undefined) return undefined
  return scalar('bool', (row, place) => {
    const members = set.at(row, place)
    const sought = keyOf(dynamicOf(element.at(row, place), element.type))
    return isArray(members) ? members.some((member) => keyOf(member) === sought) : null
  })
}

/** https://learn.microsoft.com/kusto/query/scalar-functions#dynamicarray-functions */
export const DYNAMIC_FUNCTIONS: Functions = {
  pack_array: packed,
  bag_pack: bag,
  bag_keys: strict(['dynamic'], 'dynamic', (value) => (isJsonObject(value) ? Object.keys(value) : null)),
  array_length: strict(['dynamic'], 'long', (value) => (isArray(value) ? value.length : null)),
  array_concat: (given) => {
    if (given.length === 0 || given.some(({ type }) => type !== 'dynamic')) return undefined
    return scalar('dynamic', (row, place) =>
      given
        .map((part) => part.at(row, place))
        .filter(isArray)
        .flat(),
    )
  },
  strcat_array: strict(['dynamic', 'string'], 'string', (value, by) =>
    isArray(value) ? value.map((member) => textOf(member, 'dynamic')).join(by) : '',
  ),
  set_union: ofSets((first, others) => [first, ...others].flat()),
  set_difference: ofSets((first, others) => {
    const removed = keysOf(others)
    return first.filter((member) => !removed.some((keys) => keys.has(keyOf(member))))
  }),
  set_intersect: ofSets((first, others) => {
    const required = keysOf(others)
    return first.filter((member) => required.every((keys) => keys.has(keyOf(member))))
  }),
  set_has_element: hasElement,
}
