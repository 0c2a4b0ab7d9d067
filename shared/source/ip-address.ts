import { isIP, isIPv4 } from 'node:net'
import type { Json } from '../encoding/json.ts'

const BRACKETED = /^\[(.*)\](?::\d*)?$/
const WITH_PORT = /^([^:]+):\d*$/
const ZONE = /%.*$/

/** Longer than an address with zone and port can be. */
const LONGEST = 128

/**
 * The IP address in a text, which may have a port after it, brackets around it, or a zone of the
 * machine that wrote it (`%eth0`), in lower case; `undefined` where there is none.
 */
export function ipAddressOf(value: Json): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  if (isIPv4(value)) return value
  const trimmed = value.trim()
  const address = BRACKETED.exec(trimmed)?.[1] ?? WITH_PORT.exec(trimmed)?.[1] ?? trimmed
  const bare = address.replace(ZONE, '').toLowerCase()
  return isIP(bare) === 0 ? undefined : bare
}
