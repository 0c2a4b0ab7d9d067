import { pipeline } from 'node:stream'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import type { EventSpace } from '../domain/event-fields.ts'
import { InvariantError } from '../domain/invariant-error.ts'
import type { ArchiveDownloads } from './archive-container.ts'
import type { ArchiveLine } from './archive-line.ts'
import { parseLine } from './parse-line.ts'

const LINE_FEED = 0x0a

/** Splits a byte stream into lines; holds one line and one block in memory. */
async function* splitLines(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = []
  for await (const block of source) {
    let start = 0
    for (let end = block.indexOf(LINE_FEED); end !== -1; end = block.indexOf(LINE_FEED, start)) {
      const tail = block.subarray(start, end)
      yield rest.length === 0 ? tail : Buffer.concat([...rest, tail])
      rest = []
      start = end + 1
    }
    if (start < block.byteLength) rest.push(block.subarray(start))
  }
  if (rest.length > 0) throw new InvariantError('an archive blob that does not end with a line feed')
}

/**
 * Compressed bytes decompressed in one call: for so few, a stream through other threads takes far
 * longer than the work itself.
 */
const SMALL_BYTES = 64 * 1024
/** The most that is believed of a size that is only told. */
const MAX_BLOCK_BYTES = 1024 * 1024
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024
const ISIZE_BYTES = 4

/**
 * Decompresses into a buffer of the size that the last bytes of a
 * [gzip member](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1) tell: zlib's own has 16 kB.
 */
function unpacked(compressed: Buffer): Buffer {
  const declaredBytes =
    compressed.byteLength < ISIZE_BYTES ? 0 : compressed.readUInt32LE(compressed.byteLength - ISIZE_BYTES)
  const chunkSize = Math.min(Math.max(declaredBytes + 1, constants.Z_MIN_CHUNK), MAX_BLOCK_BYTES)
  return gunzipSync(compressed, { chunkSize, maxOutputLength: MAX_UNPACKED_BYTES })
}

const inflated = (compressed: NodeJS.ReadableStream): AsyncIterable<Buffer> =>
  pipeline(compressed, createGunzip(), () => {
    // The reader of the stream receives the same error.
  })

/** `buffer` of `node:stream/consumers` makes a `Blob` first: several times the work of few bytes. */
async function gathered(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const blocks: Buffer[] = []
  for await (const block of stream) blocks.push(block as Buffer)
  return Buffer.concat(blocks)
}

/** The lines of one archive blob as they are stored, without their line feeds. */
export async function* readLineBytes(container: ArchiveDownloads, blob: string): AsyncGenerator<Buffer> {
  const { readableStreamBody: body, contentLength } = await container.download(blob)
  if (body === undefined) throw new InvariantError('a download without a body')
  if (contentLength === undefined || contentLength > SMALL_BYTES) yield* splitLines(inflated(body))
  else yield* splitLines([unpacked(await gathered(body))])
}

/** The lines of one archive blob, as a stream. */
export async function* readBlob(container: ArchiveDownloads, blob: string): AsyncGenerator<ArchiveLine> {
  let line = 0
  for await (const bytes of readLineBytes(container, blob)) yield parseLine(bytes, blob, line++)
}

/** Lines of a blob by number, as far as they exist; for an unreadable one, why. */
export type LinesRead = ReadonlyMap<number, ArchiveLine | UnreadLine>

export interface UnreadLine {
  readonly kind: 'unread'
  readonly cause: unknown
}

/**
 * Reads some lines of a blob, each on its own. Never rejects: a missing blob or a storage that does
 * not answer is the cause for every line not read by then.
 * @param space where to keep the events' fields; default: each event its own
 */
export async function readLines(
  container: ArchiveDownloads,
  blob: string,
  wanted: readonly number[],
  space?: EventSpace,
): Promise<LinesRead> {
  const left = new Set(wanted)
  const read = new Map<number, ArchiveLine | UnreadLine>()
  try {
    let line = 0
    // To its end in any case: a connection with an unread answer cannot be reused.
    for await (const bytes of readLineBytes(container, blob)) {
      if (left.delete(line)) read.set(line, parsed(bytes, blob, line, space))
      line += 1
    }
  } catch (cause) {
    for (const line of left) read.set(line, { kind: 'unread', cause })
  }
  return read
}

function parsed(
  bytes: Buffer,
  blob: string,
  line: number,
  space: EventSpace | undefined,
): ArchiveLine | UnreadLine {
  try {
    return parseLine(bytes, blob, line, space)
  } catch (cause) {
    return { kind: 'unread', cause }
  }
}
