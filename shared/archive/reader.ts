import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { ContainerClient } from '@azure/storage-blob'
import { InvariantError } from '../domain/invariant-error.ts'
import type { ArchiveLine } from './archive-line.ts'
import { parseLine } from './parse-line.ts'

const LINE_FEED = 0x0a

/** Splits a stream of bytes into lines; holds one line and one block in memory. */
async function* splitLines(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
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

/** The lines of a compressed archive blob, as a stream. */
export async function* linesOf(blob: string, compressed: NodeJS.ReadableStream): AsyncGenerator<ArchiveLine> {
  const inflated = pipeline(compressed, createGunzip(), () => {
    // The iteration below ends with the same error.
  })
  let line = 0
  for await (const bytes of splitLines(inflated)) yield parseLine(bytes, blob, line++)
}

/** The lines of one blob of the archive, as a stream. */
export async function* readBlob(container: ContainerClient, blob: string): AsyncGenerator<ArchiveLine> {
  const { readableStreamBody } = await container.getBlockBlobClient(blob).download()
  if (readableStreamBody === undefined) throw new InvariantError('a download without a body')
  yield* linesOf(blob, readableStreamBody)
}
