import type { Reply } from '../http/reply.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { ReadEvents } from './siem-form.ts'
import { splitJsonObjects } from './split-json-objects.ts'

/** A response in the collector's format. */
export const hecReply = (status: number, code: number, text: string, invalidEvent?: number): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    text,
    code,
    ...(invalidEvent === undefined ? {} : { 'invalid-event-number': invalidEvent }),
  }),
  ...(code === 0 ? {} : { reason: text }),
})

const parsed = (text: string): JsonObject | undefined => {
  try {
    const value = JSON.parse(text) as Json
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Our sender writes one object per line; the collector accepts any concatenation. */
const objects = (text: string): readonly (JsonObject | undefined)[] => {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map(parsed)
  return lines.every((line) => line !== undefined) ? lines : splitJsonObjects(text).map(parsed)
}

const isFlat = (fields: Json | undefined): boolean =>
  fields === undefined || (isJsonObject(fields) && Object.values(fields).every((v) => typeof v !== 'object'))

const problem = (event: JsonObject | undefined, index: number): Reply | undefined => {
  if (event === undefined) return hecReply(400, 6, 'Invalid data format', index)
  if (event.time !== undefined && !Number.isFinite(Number(event.time))) {
    return hecReply(400, 6, 'Invalid data format', index)
  }
  if (!('event' in event)) return hecReply(400, 12, 'Event field is required', index)
  if (event.event === '' || event.event === null) {
    return hecReply(400, 13, 'Event field cannot be blank', index)
  }
  return isFlat(event.fields) ? undefined : hecReply(400, 15, 'Error in handling indexed fields', index)
}

/** Empty if the sender gave none; the event still counts. */
const idOf = ({ event }: JsonObject): string => {
  const id = isJsonObject(event) ? event.eventId : undefined
  return typeof id === 'string' ? id : ''
}

/**
 * Parses events for a Splunk collector in order, up to the first that it refuses; those before it
 * are stored.
 */
export function parseHecEvents(body: Buffer): ReadEvents {
  const given = objects(body.toString())
  const events: JsonObject[] = []
  const read = (refusal: Reply | undefined): ReadEvents => ({ ids: events.map(idOf), events, refusal })
  if (given.length === 0) return read(hecReply(400, 5, 'No data'))
  for (const [index, event] of given.entries()) {
    const refusal = problem(event, index)
    if (refusal !== undefined || event === undefined) return read(refusal)
    events.push(event)
  }
  return read(undefined)
}
