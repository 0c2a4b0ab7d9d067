import { type CategoryMeaning, categoryMeaning, HEARTBEAT_CATEGORY } from '../domain/category.ts'
import type { SourceSettings } from './source-settings.ts'

const HEARTBEAT = HEARTBEAT_CATEGORY.toLowerCase()

/** What Microsoft calls records of risk; it renames such categories, and adds to them. */
const SPEAKS_OF_RISK = /risk/i

/** What is to be done with a record, by its category. */
export type Route = CategoryMeaning | 'heartbeat' | 'unknown' | 'skip'

/**
 * What to do with a category, however it is cased. Never by `operationName`: its values differ and
 * are not documented. Categories of other logs, and those about people unless they are wanted, are
 * skipped. One that is not known but speaks of risk is not: it is kept for a program that knows it.
 */
export function routeOf(category: string, settings: SourceSettings): Route {
  const name = category.trim()
  if (name.toLowerCase() === HEARTBEAT) return 'heartbeat'
  const meaning = categoryMeaning(name)
  if (meaning === undefined) return SPEAKS_OF_RISK.test(name) ? 'unknown' : 'skip'
  return meaning.identityType === 'user' && !settings.includeUserRisk ? 'skip' : meaning
}
