import type { Json } from '../encoding/json.ts'
import { idForm } from './guid.ts'
import { unwrapped } from './parse-nested-json.ts'
import { isNothing } from './scalars.ts'

/** Ids in their one form; empty ones are none. */
function cleaned(ids: readonly string[]): readonly string[] {
  return ids.filter((id) => !isNothing(id)).map(idForm)
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
 * Key ids, in the order sent: from an array, from an array as JSON text, or from a text with
 * commas.
 * @returns `undefined` where the value is none of these
 */
export function parseKeyIds(keyIds: Json): readonly string[] | undefined {
  const value = unwrapped(keyIds)
  if (value === null) return []
  if (typeof value === 'string') return cleaned(value.split(','))
  return Array.isArray(value) ? fromList(value as readonly Json[]) : undefined
}
