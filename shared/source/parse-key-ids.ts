import type { Json } from '../encoding/json.ts'
import { normaliseId } from './guid.ts'
import { decodeNestedJson } from './parse-nested-json.ts'
import { isBlank } from './scalars.ts'

/** Normalised ids, without blank ones. */
function cleaned(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !isBlank(id)).map(normaliseId)
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
 * Key ids, in the order sent: from an array, an array as JSON text, or comma-separated text.
 * @returns `undefined` for anything else
 */
export function parseKeyIds(keyIds: Json): readonly string[] | undefined {
  const value = decodeNestedJson(keyIds)
  if (value === null) return []
  if (typeof value === 'string') return cleaned(value.split(','))
  return Array.isArray(value) ? fromList(value as readonly Json[]) : undefined
}
