import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type ServiceError, serviceError } from './service-error.ts'

/** Limit of a request, both compressed and after gunzip. */
const MAX_BYTES = 1_048_576

const unzip = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)

const tooLarge = (bytes: string): ServiceError =>
  serviceError(
    413,
    'ContentLengthLimitExceeded',
    `Maximum allowed content length: ${MAX_BYTES} bytes (1 MB). Provided content length: ${bytes} bytes.`,
  )

/**
 * The body of a request after gunzip, or why it is refused. Throws only if the sender disconnects.
 */
export async function readPayload(request: IncomingMessage): Promise<Buffer | ServiceError> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Reads on without keeping anything, so that an answer can be sent.
    if (bytes <= MAX_BYTES) chunks.push(chunk)
  }
  if (bytes > MAX_BYTES) return tooLarge(String(bytes))
  const wire = Buffer.concat(chunks)
  switch (request.headers['content-encoding']) {
    case undefined:
    case 'identity':
      return wire
    case 'gzip':
      return unzip(wire, { maxOutputLength: MAX_BYTES }).catch((error: NodeJS.ErrnoException) =>
        error.code === 'ERR_BUFFER_TOO_LARGE'
          ? tooLarge(`more than ${MAX_BYTES}`)
          : serviceError(400, 'InvalidContentEncoding', 'The body is not gzip.'),
      )
    default:
      return serviceError(415, 'UnsupportedMediaType', 'The content encoding is not supported.')
  }
}
