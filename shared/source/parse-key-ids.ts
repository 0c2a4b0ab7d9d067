import type { Json } from '../domain/json.ts'
import { lowerGuid } from './guid.ts'
import { parseNestedJson } from './parse-nested-json.ts'

/** Ids without the space around them; empty ones are none. */
function cleaned(ids: readonly string[]): readonly string[] {
  return ids.map((id) => lowerGuid(id.trim())).filter((id) => id !== '')
}

function fromList(values: readonly Json[]): readonly string[] | undefined {
  const ids: string[] = []
  for (const value of values) {
    if (typeof value === 'string' || typeof value === 'number') ids.push(String(value))
    else if (value !== null) return undefined
  }
  return cleaned(ids)
}

/**
 * Key ids, in the order sent: from an array, from an array as JSON text, or from a text with commas.
 * @returns `undefined` where the value is none of these
 */
export function parseKeyIds(keyIds: Json | undefined): readonly string[] | undefined {
  if (keyIds === undefined || keyIds === null) return []
  const value = typeof keyIds === 'string' ? (parseNestedJson(keyIds) ?? keyIds) : keyIds
  if (typeof value === 'string') return cleaned(value.split(','))
  return Array.isArray(value) ? fromList(value as readonly Json[]) : undefined
}
