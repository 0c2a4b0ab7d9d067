import type { Instant } from '../domain/identifiers.ts'
import type { Json } from '../encoding/json.ts'
import { parseAzureTime } from './parse-azure-time.ts'

/** A scalar as text. A number beyond the safe integers is no text that anybody wrote. */
export function asText(value: Json): string | undefined {
  switch (typeof value) {
    case 'string':
      return value
    case 'boolean':
      return String(value)
    case 'number':
      return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : undefined
    default:
      return undefined
  }
}

/** A boolean, also where it is written as text. */
export function asBoolean(value: Json): boolean | undefined {
  const text = asText(value)?.toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/**
 * Before this no risk was recorded: a date that lies there (0001-01-01, 1601-01-01, 1970-01-01…) is
 * what some system writes for none.
 */
export const EARLIEST = Date.UTC(2000, 0, 1)

/** A time that somebody can mean. */
export function asTime(value: Json): Instant | undefined {
  const at = typeof value === 'string' ? parseAzureTime(value) : undefined
  return at === undefined || at < EARLIEST ? undefined : at
}

const SPACE = 0x20

/**
 * What stands for no value: null, empty or blank text, and `<null>`, which Azure Monitor is known
 * to write for it.
 */
export const isNothing = (value: Json): boolean =>
  value === null ||
  value === '' ||
  value === '<null>' ||
  (typeof value === 'string' && value.charCodeAt(0) <= SPACE && value.trim() === '')
