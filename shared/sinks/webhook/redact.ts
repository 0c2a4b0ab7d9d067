import { createHmac } from 'node:crypto'
import { slotOf } from '../../domain/event-fields.ts'
import { eventJson } from '../../domain/event-json.ts'
import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import { archivedEvent, eventOfJson, flatEvent, recordsWith } from '../../domain/flat-event.ts'
import type { Redaction } from '../../domain/redaction.ts'
import { isJsonObject, type Json } from '../../encoding/json.ts'

/** Names of the fields that a form of an event lacks, by why. */
export type Marks = Readonly<Partial<Record<'redacted' | 'cut', readonly string[]>>>

/** An event as a destination may see it. */
export interface Redacted {
  readonly archived: ArchivedEvent
  readonly marks: Marks
}

export type Redact = (archived: ArchivedEvent) => Redacted

const NO_MARKS: Marks = {}

const WHOLE = slotOf('event')
const MASK = '***'
/** 128 bits: equal values stay equal, and different ones different. */
const HASH_DIGITS = 32

/**
 * A value with every text and number in it replaced. A flag is always masked: of two hashes, anyone
 * can tell which is which.
 */
function replaced(value: Json, by: (text: string) => string): Json {
  if (typeof value === 'boolean') return MASK
  if (typeof value === 'string' || typeof value === 'number') return by(String(value))
  if (Array.isArray(value)) return value.map((one) => replaced(one, by))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, by)]))
}

type Change = (value: Json) => Json | undefined

/** Changes the members that a path leads to; lists are gone through. `undefined`: there is none. */
function changedAt(value: Json, path: readonly string[], change: Change): Json | undefined {
  const [name, ...rest] = path
  if (name === undefined) return change(value)
  if (Array.isArray(value)) {
    const changes = value.map((one) => changedAt(one, path, change))
    return changes.every((one) => one === undefined)
      ? undefined
      : value.map((one, index) => changes[index] ?? one)
  }
  const inner = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  if (inner === undefined || !isJsonObject(value)) return undefined
  const { [name]: _, ...others } = value
  if (rest.length === 0) {
    const changed = change(inner)
    return changed === undefined ? others : { ...value, [name]: changed }
  }
  const changed = changedAt(inner, rest, change)
  return changed === undefined ? undefined : { ...value, [name]: changed }
}

/** The JSON of a form of an event, its marks last. */
export function markedJson(form: ExportedEvent, marks: Marks): Buffer {
  const json = eventJson(flatEvent(form).fields)
  const written = Object.entries(marks).map(([mark, names]) => `,"${mark}":${JSON.stringify(names)}`)
  return Buffer.concat([json.subarray(0, -1), Buffer.from(`${written.join('')}}`)])
}

/**
 * Redacts events for a destination: fields dropped, masked, or hashed with a key, so that equal
 * values stay joinable. The mark `"redacted"`, last in the JSON, names them. Ids of the event, and
 * its place, stay: they lead to the archive, which has everything.
 */
export function redactor(redactions: readonly Redaction[], key: string | undefined): Redact {
  const hashed = (text: string): string =>
    `hash:${createHmac('sha256', key ?? '')
      .update(text)
      .digest('hex')
      .slice(0, HASH_DIGITS)}`
  const changes: Readonly<Record<Redaction['how'], Change>> = {
    // A list that is gone is an empty one.
    drop: (value) => (Array.isArray(value) ? [] : undefined),
    mask: (value) => replaced(value, () => MASK),
    hash: (value) => replaced(value, hashed),
  }
  if (redactions.length === 0) return (archived) => ({ archived, marks: NO_MARKS })
  return (archived) => {
    const { event, ...place } = archived
    let json = event.fields.parse(WHOLE)
    const redacted: string[] = []
    for (const { path, how } of redactions) {
      const changed = json === undefined ? undefined : changedAt(json, path, changes[how])
      if (changed === undefined) continue
      json = changed
      redacted.push(path.join('.'))
    }
    if (redacted.length === 0 || !isJsonObject(json)) return { archived, marks: NO_MARKS }
    const form = eventOfJson(json)
    const marks = { redacted }
    const marked = flatEvent({ ...form, ...marks }, markedJson(form, marks))
    return { archived: archivedEvent(marked, place, recordsWith(archived)), marks }
  }
}
