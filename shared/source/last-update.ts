import type { CategoryMeaning } from '../domain/category.ts'
import { slotOf } from '../domain/event-fields.ts'
import type { Instant } from '../domain/identifiers.ts'
import { instantAt, isoInstant } from '../domain/iso-instant.ts'
import { fieldNames } from './field-names.ts'
import type { RecordParts } from './record-parts.ts'
import { time } from './rules.ts'

/** Times beside `properties`, the most reliable first. */
export const OUTER_TIMES = ['time', 'TimeGenerated'] as const

const LAST_UPDATED_AT = slotOf('lastUpdatedAt')
const LAST_UPDATED_FROM = slotOf('lastUpdatedFrom')
const OTHER_TIMES = [slotOf('detectedAt'), slotOf('activityAt')]

/** The last update; if it was not set, falls back to the enqueued time and records that. */
export function lastUpdateOrEnqueued(isSet: boolean, { event, constants, enqueuedAt }: RecordParts): Instant {
  if (isSet) return instantAt(event.memory.bytes, event.start(LAST_UPDATED_AT) + 1)
  constants.set(event, LAST_UPDATED_AT, isoInstant(enqueuedAt))
  constants.set(event, LAST_UPDATED_FROM, 'enqueuedTime')
  return enqueuedAt
}

/**
 * Sets the time of the last update: from its own field; else from the time beside `properties`,
 * which repeats it (`TimeGenerated` in flat records); else the time of detection or activity.
 */
export function setLastUpdate(meaning: CategoryMeaning, parts: RecordParts): Instant {
  const { properties, outer, event } = parts
  let isSet =
    properties.readFirst(fieldNames(meaning).lastUpdated, time, event, LAST_UPDATED_AT) ||
    outer.readFirst(OUTER_TIMES, time, event, LAST_UPDATED_AT)
  for (const other of OTHER_TIMES) {
    if (isSet || !event.has(other)) continue
    event.set(LAST_UPDATED_AT, event.start(other), event.end(other))
    isSet = true
  }
  return lastUpdateOrEnqueued(isSet, parts)
}
