import type { Instant } from '../domain/identifiers.ts'
import type { Json } from '../encoding/json.ts'
import { parseAzureTime } from './parse-azure-time.ts'

/** A scalar as a string; not a number beyond the safe integers, whose digits may be wrong. */
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

/** A boolean, or one sent as a string. */
export function asBoolean(value: Json): boolean | undefined {
  const text = asText(value)?.toLowerCase()
  return text === 'true' ? true : text === 'false' ? false : undefined
}

/**
 * Earlier dates (0001-01-01, 1601-01-01, 1970-01-01…) are placeholders that systems write for no
 * date.
 */
export const EARLIEST = Date.UTC(2000, 0, 1)

/** A time not before `EARLIEST`. */
export function asTime(value: Json): Instant | undefined {
  const at = typeof value === 'string' ? parseAzureTime(value) : undefined
  return at === undefined || at < EARLIEST ? undefined : at
}

const SPACE = 0x20

/** Whether a text means none: blank, or `<null>`, which Azure Monitor writes. */
export const isBlank = (text: string): boolean =>
  text === '' || text === '<null>' || (text.charCodeAt(0) <= SPACE && text.trim() === '')
