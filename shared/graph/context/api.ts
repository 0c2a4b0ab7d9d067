import { isJsonObject, type Json, type JsonObject } from '../../encoding/json.ts'
import { type Listed, type Reading, textIn } from './reading.ts'

/** An API that permissions are for. */
export interface Api {
  readonly appId: string | undefined
  readonly name: string | undefined
  /** Name by id of its app roles. */
  readonly roles: ReadonlyMap<string, string>
}

/** By object id of the API's service principal. */
export type Apis = ReadonlyMap<string, Api>

export const apiPath = (id: string): string =>
  `v1.0/servicePrincipals/${encodeURIComponent(id)}?$select=id,appId,displayName,appRoles`

export function apiIn(object: JsonObject): Api {
  const { appRoles } = object
  const roles = (Array.isArray(appRoles) ? (appRoles as readonly Json[]) : []).filter(isJsonObject)
  return {
    appId: textIn(object['appId']),
    name: textIn(object['displayName']),
    roles: new Map(
      roles.flatMap(({ id, value }) =>
        typeof id === 'string' && typeof value === 'string' ? [[id, value] as const] : [],
      ),
    ),
  }
}

/** Object ids of the APIs that assignments and grants are for, each once. */
export function apiIdsIn(readings: readonly Reading[]): readonly string[] {
  const lists = readings.filter((reading): reading is Listed => reading.ok)
  const ids = lists.flatMap(({ list }) => list.flatMap((object) => textIn(object['resourceId']) ?? []))
  return [...new Set(ids)]
}
