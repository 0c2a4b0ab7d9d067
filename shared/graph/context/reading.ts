import { instant } from '../../domain/identifiers.ts'
import type { Unknown } from '../../domain/identity-context.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { isJsonObject, type Json, type JsonObject } from '../../encoding/json.ts'
import { answersTo } from '../batch.ts'
import { type GraphClient, TOO_MANY_PAGES } from '../graph-client.ts'
import type { GraphAnswer, GraphFault } from '../graph-fault.ts'

/** A fault that asking again later would not change. */
export type SettledFault = Exclude<GraphFault, { readonly kind: 'unavailable' | 'unauthorized' }>

/** What was read at one path, or why it was not. */
export type Reading =
  | {
      readonly ok: true
      readonly object: JsonObject
      /** Objects of a collection. */
      readonly list: readonly JsonObject[]
      /** Whether the collection has more pages than were read. */
      readonly more: boolean
    }
  | { readonly ok: false; readonly fault: SettledFault }

export type Listed = Extract<Reading, { readonly ok: true }>

/** Of one collection; users' consents can fill hundreds. */
const MAX_PAGES = 5
const MAX_TEXT = 256
const HALF_PAIR = /[\uD800-\uDBFF]$/

const isSettled = (fault: GraphFault): fault is SettledFault =>
  fault.kind !== 'unavailable' && fault.kind !== 'unauthorized'

async function readingOf(
  client: GraphClient,
  answer: GraphAnswer,
  signal: AbortSignal,
): Promise<Reading | 'unavailable'> {
  if (!answer.ok) return isSettled(answer.fault) ? { ok: false, fault: answer.fault } : 'unavailable'
  const { body } = answer
  if (!isJsonObject(body)) return 'unavailable'
  const { value } = body
  const list = Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : []
  const next = body['@odata.nextLink']
  if (typeof next !== 'string') return { ok: true, object: body, list, more: false }
  const others: JsonObject[] = []
  const fault = await client.list(next, (object) => others.push(object), signal, MAX_PAGES - 1)
  if (fault !== undefined && fault !== TOO_MANY_PAGES)
    return isSettled(fault) ? { ok: false, fault } : 'unavailable'
  return { ok: true, object: body, list: [...list, ...others], more: fault !== undefined }
}

/**
 * Reads objects and collections in as few requests as possible.
 * @param paths by any name
 * @returns readings by the same names
 */
export async function readAll<Name extends string>(
  client: GraphClient,
  paths: Readonly<Record<Name, string>>,
  signal: AbortSignal,
): Promise<Readonly<Record<Name, Reading>> | 'unavailable'> {
  const names = Object.keys(paths) as Name[]
  const answers = await answersTo(
    client,
    names.map((name) => paths[name]),
    signal,
  )
  const readings: Partial<Record<Name, Reading>> = {}
  for (const [n, name] of names.entries()) {
    const answer = answers[n]
    const reading = answer === undefined ? 'unavailable' : await readingOf(client, answer, signal)
    if (reading === 'unavailable') return reading
    readings[name] = reading
  }
  return readings as Record<Name, Reading>
}

/** What a resource needs. */
export interface Needs {
  /** Application permission. */
  readonly permission: string
  readonly licence?: string
}

export const READ_APPLICATIONS: Needs = { permission: 'Application.Read.All' }

export function unknownOf(fault: SettledFault, { permission, licence }: Needs): Unknown {
  switch (fault.kind) {
    case 'noPermission':
      return { unknown: `needs ${permission}` }
    case 'noLicence':
      return { unknown: `needs ${licence ?? 'another licence'}` }
    case 'notFound':
      return { unknown: 'service principal not found' }
    case 'refused':
      return { unknown: `refused by Graph (${fault.code})` }
  }
}

/** A non-empty text, cut to 256 characters. */
export function textIn(value: Json | undefined, maxLength: number = MAX_TEXT): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  return value.length <= maxLength ? value : `${value.slice(0, maxLength - 1).replace(HALF_PAIR, '')}…`
}

/** A time in ISO 8601, in milliseconds. */
export function timeIn(value: Json | undefined): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? undefined : isoInstant(instant(ms))
}
