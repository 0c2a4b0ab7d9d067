/** Claims that name the holder of an Entra token, the most telling first. */
const NAMES = ['upn', 'preferred_username', 'unique_name', 'app_displayname', 'appid', 'oid'] as const

/**
 * The holder of an access token: a name or id, never the token. Unverified: the token is our own.
 * @returns `undefined` if the token cannot be read
 */
export function parseTokenHolder(token: string): string | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
    const claims = JSON.parse(payload) as Readonly<Record<string, unknown>>
    for (const name of NAMES) if (typeof claims[name] === 'string') return claims[name]
    return undefined
  } catch {
    return undefined
  }
}
