import { isIP } from 'node:net'

type Members = Readonly<Record<string, unknown>>

/** A mapping of Elasticsearch, as far as the index template uses it. */
export interface Mapping {
  readonly type?: string
  readonly enabled?: boolean
  readonly properties?: Readonly<Record<string, Mapping>>
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const depth = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0

/** Whether Elasticsearch would accept a value for a type, by its documentation of field types. */
function accepts(type: string | undefined, value: unknown): boolean {
  switch (type) {
    case 'keyword':
    case 'constant_keyword':
    case 'match_only_text':
      return typeof value === 'string'
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'long':
      return Number.isSafeInteger(value)
    case 'ip':
      return typeof value === 'string' && isIP(value) !== 0
    case 'geo_point':
      return isObject(value) && Math.abs(Number(value['lat'])) <= 90 && Math.abs(Number(value['lon'])) <= 180
    case 'flattened':
      return isObject(value) && depth(value) <= 64
    default:
      return false
  }
}

/**
 * Why a document would be refused, or where it has fields that nothing maps; nothing: an empty
 * list.
 */
export function mappingProblems(mapping: Mapping, value: unknown, path = ''): readonly string[] {
  if (mapping.enabled === false || value === null) return []
  if (Array.isArray(value)) return value.flatMap((one) => mappingProblems(mapping, one, path))
  if (mapping.properties === undefined)
    return accepts(mapping.type, value) ? [] : [`${path}: ${mapping.type} does not take ${typeof value}`]
  if (!isObject(value)) return [`${path}: an object is expected`]
  return Object.entries(value).flatMap(([name, inner]) => {
    const its = mapping.properties?.[name]
    const place = path === '' ? name : `${path}.${name}`
    return its === undefined ? [`${place}: not mapped`] : mappingProblems(its, inner, place)
  })
}

/** Names of the fields that a mapping has. */
export const mappedFields = (mapping: Mapping, path = ''): readonly string[] =>
  mapping.properties === undefined
    ? [path]
    : Object.entries(mapping.properties).flatMap(([name, inner]) =>
        mappedFields(inner, path === '' ? name : `${path}.${name}`),
      )

/** Names of the mapped fields that a document has. */
export function fieldsOf(mapping: Mapping, value: unknown, path = ''): readonly string[] {
  if (mapping.properties === undefined || !isObject(value)) return [path]
  return Object.entries(value).flatMap(([name, inner]) => {
    const its = mapping.properties?.[name]
    return its === undefined ? [] : fieldsOf(its, inner, path === '' ? name : `${path}.${name}`)
  })
}
