import {
  type CategoryMeaning,
  categoryMeaning,
  OWN_CATEGORIES,
  type OwnCategory,
} from '../domain/category.ts'
import type { SourceSettings } from './source-settings.ts'

const ownByLowerCase: ReadonlyMap<string, OwnCategory> = new Map(
  OWN_CATEGORIES.map((own) => [own.toLowerCase(), own]),
)

/** Matches risk categories that Microsoft may add or rename. */
const RISK_NAME = /risk/i

/** How a record is handled, by its category. */
export type Route = CategoryMeaning | OwnCategory | 'unknown' | 'skip'

/**
 * Routes by category, case-insensitive; never by `operationName`, whose values vary and are not
 * documented. Other logs are skipped, and so are user categories unless enabled. Unknown categories
 * with "risk" in their name are kept as faults, so that a later version can read them.
 */
export function routeOf(category: string, settings: SourceSettings): Route {
  const name = category.trim()
  const own = ownByLowerCase.get(name.toLowerCase())
  if (own !== undefined) return own
  const meaning = categoryMeaning(name)
  if (meaning === undefined) return RISK_NAME.test(name) ? 'unknown' : 'skip'
  return meaning.identityType === 'user' && !settings.includeUserRisk ? 'skip' : meaning
}
