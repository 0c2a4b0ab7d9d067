import { createHmac, timingSafeEqual } from 'node:crypto'
import { entityPath } from './entity-address.ts'

export interface SharedAccessKey {
  readonly name: string
  readonly key: string
}

/**
 * Why a shared access signature does not grant access to an entity; undefined if it does.
 * Source: https://learn.microsoft.com/rest/api/eventhub/generate-sas-token
 */
export function sasTokenProblem(
  token: string,
  audience: string,
  accessKey: SharedAccessKey,
  nowMs: number,
): string | undefined {
  const fields = new Map(
    token
      .replace(/^SharedAccessSignature\s+/i, '')
      .split('&')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const resource = fields.get('sr') ?? ''
  const expiry = fields.get('se') ?? ''
  const signed = createHmac('sha256', accessKey.key).update(`${resource}\n${expiry}`).digest()
  const given = Buffer.from(decode(fields.get('sig') ?? ''), 'base64')
  if (decode(fields.get('skn') ?? '') !== accessKey.name || given.length !== signed.length)
    return invalidSignature
  if (!timingSafeEqual(given, signed)) return invalidSignature
  if (!covers(entityPath(decode(resource)), entityPath(audience))) {
    return 'InvalidAudience: the token is for another entity than the one it was sent for.'
  }
  if (!(Number(expiry) * 1000 > nowMs)) {
    return `ExpiredToken: the token expired at ${expiry} (seconds since 1970) by the emulator's clock.`
  }
  return undefined
}

const invalidSignature = 'InvalidSignature: The token has an invalid signature.'

/** Whether a grant for one path covers another: itself and everything below it. */
export function covers(granted: string, path: string): boolean {
  return granted === '' || path === granted || path.startsWith(`${granted}/`)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
