import { gunzipSync } from 'node:zlib'

/** A chunk has at most 4 MB of messages, or one message; its lines are about three times as long. */
const MAX_CONTENT_BYTES = 256 * 1024 * 1024
const LINE_FEED = 0x0a

/** The content of a blob; `undefined` if it is not gzip, or too large. */
export function contentOf(stored: Buffer): Buffer | undefined {
  try {
    return gunzipSync(stored, { maxOutputLength: MAX_CONTENT_BYTES })
  } catch {
    return undefined
  }
}

/** The content of one gzip member, and nothing behind it; `undefined` for anything else. */
export function wholeContentOf(stored: Buffer): Buffer | undefined {
  try {
    // With `info`, which its types do not know, the answer tells how many bytes were read.
    const options: object = { maxOutputLength: MAX_CONTENT_BYTES, info: true }
    const { buffer, engine } = gunzipSync(stored, options) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return engine.bytesWritten === stored.byteLength ? buffer : undefined
  } catch {
    return undefined
  }
}

/** The lines of a blob's content, without their line feeds. */
export function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.byteLength; ) {
    const end = content.indexOf(LINE_FEED, start)
    yield content.subarray(start, end === -1 ? content.byteLength : end)
    start = end === -1 ? content.byteLength : end + 1
  }
}
