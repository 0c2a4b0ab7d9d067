import { gunzipSync } from 'node:zlib'

/** A chunk has at most 4 MB of messages, or one message; its lines are about three times as long. */
const MAX_CONTENT_BYTES = 256 * 1024 * 1024
const LINE_FEED = 0x0a

const MIN_OUTPUT_BYTES = 1024
/** Deflate shrinks nothing to less than a 1032nd. */
const MAX_RATIO = 1032

/**
 * Room for the content as the end of a gzip member tells its size: output in one piece takes half
 * the time. A size that cannot be true makes only the pieces smaller.
 */
function outputBytes(stored: Buffer): number {
  const told = stored.byteLength < 4 ? 0 : stored.readUInt32LE(stored.byteLength - 4)
  const possible = Math.min(stored.byteLength * MAX_RATIO, MAX_CONTENT_BYTES)
  // One byte more: zlib looks for the end of a stream only while it has room.
  return told > possible ? MIN_OUTPUT_BYTES : Math.max(MIN_OUTPUT_BYTES, told + 1)
}

/** Unpacked bytes, and how many of the stored ones they came from. */
function unpack(stored: Buffer): { readonly content: Buffer; readonly read: number } | undefined {
  try {
    // With `info`, which its types do not know, the answer tells how many bytes were read.
    const options: object = { maxOutputLength: MAX_CONTENT_BYTES, chunkSize: outputBytes(stored), info: true }
    const { buffer, engine } = gunzipSync(stored, options) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    return { content: buffer, read: engine.bytesWritten }
  } catch {
    return undefined
  }
}

/** The content of a blob; `undefined` if it is not gzip, or too large. */
export const contentOf = (stored: Buffer): Buffer | undefined => unpack(stored)?.content

/** The content of one gzip member, and nothing behind it; `undefined` for anything else. */
export function wholeContentOf(stored: Buffer): Buffer | undefined {
  const unpacked = unpack(stored)
  return unpacked?.read === stored.byteLength ? unpacked.content : undefined
}

/** The lines of a blob's content, without their line feeds. */
export function* linesOf(content: Buffer): Generator<Buffer> {
  for (let start = 0; start < content.byteLength; ) {
    const end = content.indexOf(LINE_FEED, start)
    yield content.subarray(start, end === -1 ? content.byteLength : end)
    start = end === -1 ? content.byteLength : end + 1
  }
}
