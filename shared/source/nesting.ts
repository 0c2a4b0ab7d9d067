import type { Json } from '../domain/json.ts'

/** Whether arrays and objects nest deeper in a value than `limit`. */
export function nestsDeeperThan(limit: number, value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (limit === 0) return true
  for (const inner of Object.values(value)) if (nestsDeeperThan(limit - 1, inner)) return true
  return false
}
