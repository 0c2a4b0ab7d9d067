import type { CategoryMeaning } from '../domain/category.ts'
import type { Instant } from '../domain/identifiers.ts'
import type { LastUpdatedFrom } from '../domain/risk-event.ts'
import { fieldNames } from './field-names.ts'
import type { RecordParts } from './record-parts.ts'

/** Times of a record as a whole, in the order in which they are believed. */
export const TIMES_AROUND = ['time', 'TimeGenerated'] as const

export interface LastUpdate {
  readonly lastUpdatedAt: Instant
  readonly lastUpdatedFrom: LastUpdatedFrom | undefined
}

/** Without any other time a fact counts as of when the hub took the message, and says so. */
export const toldOrEnqueued = (told: Instant | undefined, { enqueuedAt }: RecordParts): LastUpdate =>
  told === undefined
    ? { lastUpdatedAt: enqueuedAt, lastUpdatedFrom: 'enqueuedTime' }
    : { lastUpdatedAt: told, lastUpdatedFrom: undefined }

/**
 * When the fact last changed: by its own field; else by the time around the properties, which
 * repeats it (`TimeGenerated` in flat records); else by when it was detected, or happened.
 */
export function lastUpdate(
  meaning: CategoryMeaning,
  parts: RecordParts,
  detectedAt?: Instant,
  activityAt?: Instant,
): LastUpdate {
  const { properties, around } = parts
  const told =
    properties.firstTime(fieldNames(meaning).lastUpdated) ??
    around.firstTime(TIMES_AROUND) ??
    detectedAt ??
    activityAt
  return toldOrEnqueued(told, parts)
}
