import { type CategoryMeaning, categoryMeaning, HEARTBEAT_CATEGORY } from '../domain/category.ts'
import type { JsonObject } from '../domain/json.ts'
import type { SourceSettings } from './source-settings.ts'

const HEARTBEAT = HEARTBEAT_CATEGORY.toLowerCase()

/** The category as sent, `category` or `Category`; `undefined` where there is none. */
export function categoryOf(record: JsonObject): string | undefined {
  for (const name of ['category', 'Category']) {
    const value = record[name]
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return undefined
}

/**
 * What to do with a category, however it is cased. Never by `operationName`: its values differ and are not documented.
 * Categories of other logs, those that a later version of this program may write, and those about people unless they are wanted, are skipped.
 */
export function routeOf(category: string, settings: SourceSettings): CategoryMeaning | 'heartbeat' | 'skip' {
  const name = category.trim()
  if (name.toLowerCase() === HEARTBEAT) return 'heartbeat'
  const meaning = categoryMeaning(name)
  if (meaning === undefined) return 'skip'
  return meaning.identityType === 'user' && !settings.includeUserRisk ? 'skip' : meaning
}
