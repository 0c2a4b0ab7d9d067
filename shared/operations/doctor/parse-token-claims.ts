/** Claims that name the holder of an Entra token, the most telling first. */
const NAMES = ['upn', 'preferred_username', 'unique_name', 'app_displayname', 'appid', 'oid'] as const

/** Unverified: the token is our own. */
function parseClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    const claims: unknown = JSON.parse(payload)
    return typeof claims === 'object' && claims !== null ? { ...claims } : {}
  } catch {
    return {}
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/**
 * The holder of an access token: a name or id, never the token.
 * @returns `undefined` if the token cannot be read
 */
export function parseTokenHolder(token: string): string | undefined {
  const claims = parseClaims(token)
  return NAMES.map((name) => textOf(claims[name])).find((name) => name !== undefined)
}

/** The object id of a token's holder in the directory; `undefined` if the token does not tell. */
export const parseTokenObjectId = (token: string): string | undefined => textOf(parseClaims(token)['oid'])
