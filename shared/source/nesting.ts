import type { Json } from '../encoding/json.ts'

/** Whether a value has more than `limit` levels of arrays and objects. */
export function nestsDeeperThan(limit: number, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  return limit === 0 || Object.values(value).some((inner) => nestsDeeperThan(limit - 1, inner))
}
