import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Reply } from '../http/reply.ts'

const MAX_WIRE_BYTES = 16_000_000
const MAX_BODY_BYTES = 64_000_000

const unzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)

/** A request's body after gunzip, or why it is refused. Throws only if the sender disconnects. */
export async function readBody(request: IncomingMessage): Promise<Buffer | Reply> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Reads on without keeping anything, so that an answer can be sent.
    if (bytes <= MAX_WIRE_BYTES) chunks.push(chunk)
  }
  if (bytes > MAX_WIRE_BYTES) return { status: 413, reason: 'the body is too large' }
  const wire = Buffer.concat(chunks)
  switch (request.headers['content-encoding']) {
    case undefined:
    case 'identity':
      return wire
    case 'gzip':
      return unzip(wire, { maxOutputLength: MAX_BODY_BYTES }).catch(
        (): Reply => ({ status: 400, reason: 'the body does not unpack, or to more than is taken' }),
      )
    default:
      return { status: 415, reason: 'the content encoding is not known' }
  }
}
