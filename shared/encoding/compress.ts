import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const gzipAsync = promisify<Uint8Array, { level: number; chunkSize: number }, Buffer>(gzip)

const MIN_OUTPUT_BYTES = 16 * 1024
/**
 * Level 1 shrinks our JSON to about a ninth; an output buffer that fits it saves a round trip
 * between threads for every 16 KB.
 */
const USUAL_RATIO = 6

/**
 * Compresses with gzip off the main thread. Level 1, since level 6 takes twice the time to save an
 * eighth.
 */
export const compress = (content: Uint8Array): Promise<Buffer> =>
  gzipAsync(content, {
    level: 1,
    chunkSize: Math.max(MIN_OUTPUT_BYTES, Math.ceil(content.byteLength / USUAL_RATIO)),
  })
