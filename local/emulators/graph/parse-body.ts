import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { badRequest, type GraphError, isGraphError } from './graph-error.ts'

/** https://learn.microsoft.com/graph/api/riskyserviceprincipal-dismiss */
const MAX_IDS = 60

/** The JSON object of a request's body. */
export function parseObject(body: string): JsonObject | GraphError {
  try {
    const value = JSON.parse(body) as Json
    if (isJsonObject(value)) return value
  } catch {
    // Refused below.
  }
  return badRequest('Unable to read JSON request payload.')
}

/** The ids that an action is for: 1 to 60. @param name of the property that lists them */
export function parseIds(body: string, name: string): readonly string[] | GraphError {
  const object = parseObject(body)
  if (isGraphError(object)) return object
  const ids = object[name]
  if (!Array.isArray(ids) || ids.length === 0) return badRequest(`${name} is missing or empty.`)
  if (ids.length > MAX_IDS) return badRequest(`${name} has ${ids.length} ids; at most ${MAX_IDS} are taken.`)
  const texts = ids.filter((id: Json) => typeof id === 'string')
  return texts.length === ids.length ? texts : badRequest(`${name} must be strings.`)
}
