import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/**
 * Whether a request has the host's key, as header `x-functions-key` or query parameter `code`;
 * compared in constant time.
 */
export function carriesKey(request: IncomingMessage, url: URL, key: string): boolean {
  const header = request.headers['x-functions-key']
  const given = typeof header === 'string' ? header : url.searchParams.get('code')
  return given !== null && timingSafeEqual(digest(given), digest(key))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
