import { isJsonObject, type Json } from '../encoding/json.ts'

/** Whether a value has more than `limit` levels of arrays and objects. */
export function nestsDeeperThan(limit: number, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (limit === 0) return true
  if (isJsonObject(value)) {
    for (const name in value) if (nestsDeeperThan(limit - 1, value[name] ?? null)) return true
  } else for (const inner of value) if (nestsDeeperThan(limit - 1, inner)) return true
  return false
}
