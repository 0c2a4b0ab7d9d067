import { HEARTBEAT_CATEGORY } from '../domain/category.ts'
import { slotOf } from '../domain/event-fields.ts'
import { setEventId, setFactKey } from '../domain/event-id.ts'
import { writeEventJson } from '../domain/event-json.ts'
import type { FlatEvent } from '../domain/exported-event.ts'
import { isJsonObject } from '../encoding/json.ts'
import { OUTER_TIMES, orEnqueued } from './last-update.ts'
import type { RecordParts } from './record-parts.ts'
import { text, time } from './rules.ts'
import { asText } from './scalars.ts'

const KIND = slotOf('kind')
const CATEGORY = slotOf('category')
const TENANT = slotOf('tenantId')
const LAST_UPDATED_AT = slotOf('lastUpdatedAt')
const VERSION = slotOf('version')
const HEALTH = slotOf('health')

/**
 * Reads a heartbeat, from `properties {sentAt, version, health, instanceId}`. Without an instance
 * id, the fact key uses the tenant id instead.
 */
export function heartbeat(parts: RecordParts): FlatEvent {
  const { properties, outer, event, constants } = parts
  const { memory } = event
  constants.set(event, KIND, 'heartbeat')
  constants.set(event, CATEGORY, HEARTBEAT_CATEGORY)
  const isSet =
    properties.read('sentAt', time, event, LAST_UPDATED_AT) ||
    outer.readFirst(OUTER_TIMES, time, event, LAST_UPDATED_AT)
  const lastUpdatedAt = orEnqueued(isSet, parts)
  const health = properties.parsed('health', (value) => value)
  const instance = properties.parsed('instanceId', asText)
  let id = { start: event.start(TENANT), end: event.end(TENANT) }
  if (instance !== undefined) {
    const start = memory.length
    memory.text(JSON.stringify(instance))
    id = { start, end: memory.length }
  }
  setFactKey(event, id)
  properties.read('version', text, event, VERSION)
  event.write(HEALTH, isJsonObject(health) ? health : {})
  const eventId = setEventId(event, 'heartbeat')
  writeEventJson(event)
  return { kind: 'heartbeat', category: HEARTBEAT_CATEGORY, eventId, lastUpdatedAt, fields: event }
}
