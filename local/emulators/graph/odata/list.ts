import type { JsonObject } from '../../json.ts'
import { badRequest, type GraphError, isGraphError } from '../graph-error.ts'
import type { GraphRequest } from '../graph-request.ts'
import type { GraphObject } from '../tenant.ts'
import type { EntityType } from './entity-type.ts'
import { parseFilter } from './filter.ts'

const PLAIN_OPTIONS = ['$top', '$filter', '$select', '$skiptoken', '$format']

const invalidQuery = (why: string): GraphError =>
  badRequest(`The query specified in the URI is not valid. ${why}`)

function optionProblem(query: URLSearchParams, type: EntityType): GraphError | undefined {
  const option = [...query.keys()].find(
    (key) => key.startsWith('$') && !PLAIN_OPTIONS.includes(key) && !type.options.includes(key),
  )
  if (option === undefined) return undefined
  const name = `${option.charAt(1).toUpperCase()}${option.slice(2)}`
  return invalidQuery(`Query option '${name}' is not allowed.`)
}

/** Size of a page. */
function topOf(query: URLSearchParams, type: EntityType, pageSize: number): number | GraphError {
  const given = query.get('$top')
  if (given === null) return pageSize
  const top = /^\d{1,9}$/.test(given) ? Number(given) : 0
  if (top < 1) return badRequest(`Invalid value '${given}' for $top query option found.`)
  return top <= type.maxTop
    ? top
    : invalidQuery(
        `The limit of '${type.maxTop}' for Top query has been exceeded. The value from the incoming request is '${top}'.`,
      )
}

const skipToken = (start: number): string => Buffer.from(`from ${start}`).toString('base64url')

/** Where a page starts. */
function startOf(query: URLSearchParams): number | GraphError {
  const token = query.get('$skiptoken')
  if (token === null) return 0
  const start = /^from (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  return start === undefined ? badRequest('The skip token is not valid.') : Number(start)
}

const selectionOf = (query: URLSearchParams): readonly string[] | undefined =>
  query
    .get('$select')
    ?.split(',')
    .map((name) => name.trim())

/** What is wrong with `$select`. */
function selectionProblem(query: URLSearchParams, { name, properties }: EntityType): GraphError | undefined {
  const unknown = selectionOf(query)?.find((property) => properties?.includes(property) === false)
  return unknown === undefined
    ? undefined
    : badRequest(`Could not find a property named '${unknown}' on type 'microsoft.graph.${name}'.`)
}

/** The properties that `$select` names; all, if it is missing. */
function selected(object: JsonObject, query: URLSearchParams): JsonObject {
  const names = selectionOf(query)
  if (names === undefined) return object
  return Object.fromEntries(
    Object.entries(object).filter(([name]) => names.includes(name) || name.startsWith('@')),
  )
}

/** A single object. */
export const oneObject = (
  { query }: GraphRequest,
  object: JsonObject,
  type: EntityType,
): JsonObject | GraphError => selectionProblem(query, type) ?? selected(object, query)

/** One page of a list, with the link to the next one if there is more. */
export function listPage(
  request: GraphRequest,
  all: readonly GraphObject[],
  type: EntityType,
  pageSize: number,
): JsonObject | GraphError {
  const { query, origin, version, path } = request
  const problem = optionProblem(query, type) ?? selectionProblem(query, type)
  if (problem !== undefined) return problem
  const top = topOf(query, type, pageSize)
  if (typeof top !== 'number') return top
  const start = startOf(query)
  if (typeof start !== 'number') return start
  const filter = query.get('$filter')
  const predicate = filter === null ? () => true : parseFilter(filter, type)
  if (isGraphError(predicate)) return predicate
  const matches = all.filter(predicate)
  const next = new URLSearchParams(query)
  next.set('$skiptoken', skipToken(start + top))
  return {
    '@odata.context': `${origin}/${version}/$metadata#${path}`,
    ...(query.get('$count') === 'true' ? { '@odata.count': matches.length } : {}),
    ...(matches.length > start + top ? { '@odata.nextLink': `${origin}/${version}/${path}?${next}` } : {}),
    value: matches.slice(start, start + top).map((object) => selected(object, query)),
  }
}
