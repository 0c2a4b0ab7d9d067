import type { CategoryMeaning } from '../domain/category.ts'
import { slotOf } from '../domain/event-fields.ts'
import type { Instant } from '../domain/identifiers.ts'
import { instantAt, isoInstant } from '../domain/iso-instant.ts'
import { fieldNames } from './field-names.ts'
import type { RecordParts } from './record-parts.ts'
import { time } from './rules.ts'

/** Times of a record as a whole, in the order in which they are believed. */
export const TIMES_AROUND = ['time', 'TimeGenerated'] as const

const LAST_UPDATED_AT = slotOf('lastUpdatedAt')
const LAST_UPDATED_FROM = slotOf('lastUpdatedFrom')
const OTHER_TIMES = [slotOf('detectedAt'), slotOf('activityAt')]

/** Without any other time a fact counts as of when the hub took the message, and says so. */
export function orEnqueued(isTold: boolean, { event, constants, enqueuedAt }: RecordParts): Instant {
  if (isTold) return instantAt(event.memory.bytes, event.start(LAST_UPDATED_AT) + 1)
  constants.set(event, LAST_UPDATED_AT, isoInstant(enqueuedAt))
  constants.set(event, LAST_UPDATED_FROM, 'enqueuedTime')
  return enqueuedAt
}

/**
 * Sets when the fact last changed: by its own field; else by the time around the properties, which
 * repeats it (`TimeGenerated` in flat records); else by when it was detected, or happened.
 */
export function setLastUpdate(meaning: CategoryMeaning, parts: RecordParts): Instant {
  const { properties, around, event } = parts
  let isTold =
    properties.readFirst(fieldNames(meaning).lastUpdated, time, event, LAST_UPDATED_AT) ||
    around.readFirst(TIMES_AROUND, time, event, LAST_UPDATED_AT)
  for (const other of OTHER_TIMES) {
    if (isTold || !event.has(other)) continue
    event.set(LAST_UPDATED_AT, event.start(other), event.end(other))
    isTold = true
  }
  return orEnqueued(isTold, parts)
}
