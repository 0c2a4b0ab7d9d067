import { isIP, isIPv4 } from 'node:net'
import type { Json } from '../encoding/json.ts'

const BRACKETED = /^\[(.*)\](?::\d*)?$/
const WITH_PORT = /^([^:]+):\d*$/
const ZONE = /%.*$/

/** No address with zone and port is longer. */
const LONGEST = 128

/**
 * The IP address in a string, in lower case and without port, brackets and zone (`%eth0`);
 * `undefined` if there is none.
 */
export function ipAddressOf(value: Json): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  if (isIPv4(value)) return value
  const trimmed = value.trim()
  const address = BRACKETED.exec(trimmed)?.[1] ?? WITH_PORT.exec(trimmed)?.[1] ?? trimmed
  const bare = address.replace(ZONE, '').toLowerCase()
  return isIP(bare) === 0 ? undefined : bare
}
