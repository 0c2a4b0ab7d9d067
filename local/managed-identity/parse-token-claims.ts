import type { TokenClaims } from './token.ts'

/** Claims of a token whose signature holds: we wrote them ourselves. */
export const parseTokenClaims = (json: string): TokenClaims => JSON.parse(json) as TokenClaims
