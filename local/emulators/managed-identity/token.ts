import { createHmac, timingSafeEqual } from 'node:crypto'

export interface TokenClaims {
  /** Audience: the requested resource. */
  readonly aud: string
  /** Expiry, in seconds since the epoch. */
  readonly exp: number
  /** Distinguishes tokens issued in the same second. */
  readonly uti: string
  /** Object id of the holder; absent: the default identity. */
  readonly oid?: string
}

const HEADER = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')

const sign = (content: string, key: string): string =>
  createHmac('sha256', key).update(content).digest('base64url')

/** A JSON Web Token, signed with a key that only this machine knows. */
export function issueToken(claims: TokenClaims, key: string): string {
  const content = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${content}.${sign(content, key)}`
}

/** The claims of a token signed with the key; `undefined` for any other text. */
export function readToken(token: string, key: string): TokenClaims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const expected = Buffer.from(sign(`${header}.${payload}`, key))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return parseTokenClaims(Buffer.from(payload, 'base64url').toString())
}

/** Claims of a verified token, which we have written ourselves. */
export const parseTokenClaims = (json: string): TokenClaims => JSON.parse(json) as TokenClaims
