import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'

/** How much of an overlong body is read and discarded, so that the sender can read the answer. */
const MAX_DROPPED_BYTES = 32 * 1024 * 1024

/**
 * The whole body of a request, or `undefined` if longer than `maxBytes`; keeps no more than that.
 * Throws only if the sender disconnects.
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

const unzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)

/** Why there is no body. */
export type Unread = 'tooLarge' | 'unpacksTooLarge' | 'notGzip' | 'encodingUnknown'

/** The same after gunzip, if it is compressed. */
export async function readUnpacked(
  request: IncomingMessage,
  maxBytes: number,
  maxUnpackedBytes: number,
): Promise<Buffer | Unread> {
  const body = await readBody(request, maxBytes)
  if (body === undefined) return 'tooLarge'
  switch (request.headers['content-encoding']) {
    case undefined:
    case 'identity':
      return body
    case 'gzip':
      return unzip(body, { maxOutputLength: maxUnpackedBytes }).catch(
        ({ code }: NodeJS.ErrnoException): Unread =>
          code === 'ERR_BUFFER_TOO_LARGE' ? 'unpacksTooLarge' : 'notGzip',
      )
    default:
      return 'encodingUnknown'
  }
}
