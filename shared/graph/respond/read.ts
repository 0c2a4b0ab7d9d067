import { isJsonObject, type Json, type JsonObject } from '../../encoding/json.ts'
import type { GraphClient } from '../graph-client.ts'
import type { Needs } from './needs.ts'
import type { Refusal } from './refusal.ts'

/** A value read from Graph, or why it could not be read. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal }

export const read = <T>(value: T): Read<T> => ({ ok: true, value })
export const unread = (refusal: Refusal): Read<never> => ({ ok: false, refusal })

export const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The object at a path; `undefined` if it does not exist. */
export async function objectAt(
  client: GraphClient,
  path: string,
  needs: Needs,
  signal: AbortSignal,
): Promise<Read<JsonObject | undefined>> {
  const answer = await client.request({ path }, signal)
  if (!answer.ok)
    return answer.fault.kind === 'notFound'
      ? read(undefined)
      : unread({ kind: 'graph', fault: answer.fault, needs })
  return isJsonObject(answer.body)
    ? read(answer.body)
    : unread({ kind: 'graph', fault: { kind: 'unavailable', code: 'noObject' }, needs })
}
