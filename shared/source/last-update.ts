import type { CategoryMeaning } from '../domain/category.ts'
import { type Instant, instant } from '../domain/identifiers.ts'
import { fieldNames } from './field-names.ts'
import type { RecordParts } from './record-parts.ts'

/**
 * When the fact last changed. Sparse records leave it to the time around the properties, which repeats it,
 * or, as a last resort, to the time of what happened.
 */
export function lastUpdate(
  meaning: CategoryMeaning,
  { properties, around }: RecordParts,
  happenedAt?: Instant,
): Instant {
  const names = fieldNames(meaning).lastUpdated
  const at = properties.firstTime(names) ?? around.time('time') ?? happenedAt
  if (at === undefined) properties.missing(names[0])
  return at ?? instant(0)
}
