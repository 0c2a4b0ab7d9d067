import type { IncomingMessage } from 'node:http'

/** How much of an overlong body is read and discarded, so that the sender can read the answer. */
const MAX_DROPPED_BYTES = 32 * 1024 * 1024

/**
 * The whole body of a request, or `undefined` if longer than `maxBytes`; keeps no more than that.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes <= maxBytes) parts.push(part)
    else if (bytes > maxBytes + MAX_DROPPED_BYTES) break
    else parts.length = 0
  }
  return bytes <= maxBytes ? Buffer.concat(parts) : undefined
}
