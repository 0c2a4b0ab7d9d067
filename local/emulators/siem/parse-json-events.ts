import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { ReadEvents } from './siem-form.ts'
import { splitJsonObjects } from './split-json-objects.ts'

/** The id of an event of ours, in OCSF, or of one that holds it; empty if there is none. */
function idOf(event: JsonObject): string {
  const { eventId, event: inner, metadata } = event
  if (typeof eventId === 'string') return eventId
  if (isJsonObject(metadata) && typeof metadata['uid'] === 'string') return metadata['uid']
  return isJsonObject(inner) ? idOf(inner) : ''
}

const parseOne = (text: string): Json => JSON.parse(text) as Json

function parseAll(text: string): Json {
  return text.startsWith('[') ? parseOne(text) : splitJsonObjects(text).map(parseOne)
}

/** Parses events in JSON: an array, or objects one after the other; all or nothing. */
export function parseJsonEvents(body: Buffer): ReadEvents {
  try {
    const given = parseAll(body.toString())
    const events = Array.isArray(given) ? given.filter(isJsonObject) : []
    if (Array.isArray(given) && events.length > 0 && events.length === given.length)
      return { ids: events.map(idOf), events, refusal: undefined }
  } catch {
    // Refused below.
  }
  const reason = 'the body is no JSON of events'
  return { ids: [], events: [], refusal: { status: 400, body: reason, reason } }
}
