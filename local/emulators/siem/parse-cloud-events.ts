import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { ReadEvents } from './siem-form.ts'

const TEXTS = ['id', 'source', 'type'] as const

const attributeProblem = (event: JsonObject): string | undefined => {
  if (event.specversion !== '1.0') return 'specversion is not 1.0'
  const missing = TEXTS.find((name) => typeof event[name] !== 'string' || event[name] === '')
  if (missing !== undefined) return `${missing} is missing`
  const misnamed = Object.keys(event).find((name) => !/^[a-z0-9]{1,20}$/.test(name))
  return misnamed === undefined ? undefined : 'an attribute is not named in lower-case letters and digits'
}

const refused = (reason: string): ReadEvents => ({
  ids: [],
  events: [],
  refusal: { status: 400, body: reason, reason },
})

/** A JSON array, one event, or one event a line. */
export type CloudEventsBody = 'batch' | 'event' | 'lines'

/** The text of a batch. */
function batchText(text: string, form: CloudEventsBody): string {
  switch (form) {
    case 'batch':
      return text
    case 'event':
      return `[${text}]`
    case 'lines':
      return `[${text.trimEnd().split('\n').join(',')}]`
  }
}

/** Parses CloudEvents in JSON; all or nothing. */
export function parseCloudEvents(body: Buffer, form: CloudEventsBody): ReadEvents {
  let batch: Json
  try {
    batch = JSON.parse(batchText(body.toString(), form)) as Json
  } catch {
    return refused('the body is not JSON')
  }
  if (!Array.isArray(batch)) return refused('the body is no JSON array')
  const events: JsonObject[] = []
  const ids: string[] = []
  for (const event of batch as readonly Json[]) {
    if (!isJsonObject(event)) return refused('an element of the batch is not an object')
    const problem = attributeProblem(event)
    if (problem !== undefined) return refused(problem)
    events.push(event)
    if (typeof event.id === 'string') ids.push(event.id)
  }
  return { ids, events, refusal: undefined }
}
