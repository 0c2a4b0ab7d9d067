import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ArchiveDownloads } from '../../shared/archive/archive-container.ts'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { type LinesRead, readLines } from '../../shared/archive/reader.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { archiveLines, positionOf } from '../support/archive-lines.ts'

const bodiesOf = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `no JSON ${i}`)
const chunkOf = (bodies: readonly string[]) =>
  buildChunk(
    bodies.map((body, i) => readMessage({ position: positionOf(i), body: Buffer.from(body) }, settings)),
  )
const bodies = bodiesOf(5)
const chunk = chunkOf(bodies)
const packed = gzipSync(chunk.content)

/** A blob that comes in two pieces, and whether it was read to its end. */
function blobOf(bytes: Buffer, contentLength: number | undefined = bytes.byteLength) {
  const readableStreamBody = Readable.from([bytes.subarray(0, 10), bytes.subarray(10)])
  const container: ArchiveDownloads = {
    download: async () => ({ readableStreamBody, ...(contentLength === undefined ? {} : { contentLength }) }),
  }
  return {
    read: (wanted: readonly number[]): Promise<LinesRead> => readLines(container, chunk.blob, wanted),
    wasReadToItsEnd: () => readableStreamBody.readableEnded,
  }
}

const UNREAD = { kind: 'unread', cause: expect.objectContaining({ code: 'Z_BUF_ERROR' }) }

describe.each([
  ['small enough to be decompressed at once', packed.byteLength],
  ['decompressed as it comes', undefined],
  ['larger than is decompressed at once', 64 * 1024 + 1],
])('of a blob %s', (_, contentLength) => {
  const blob = (bytes: Buffer) =>
    blobOf(bytes, contentLength === packed.byteLength ? bytes.byteLength : contentLength)

  it('the lines asked for are read, and the blob to its end', async () => {
    const { read, wasReadToItsEnd } = blob(packed)
    const expected = archiveLines(bodies)
    expect([...(await read([3, 0, 9]))]).toEqual([
      [0, expected[0]],
      [3, expected[3]],
    ])
    expect(wasReadToItsEnd()).toBe(true)
  })

  it('a line that cannot be read is unread alone, with its cause', async () => {
    const lines = chunk.content.toString().split('\n')
    const broken = lines.map((line, i) => (i === 1 ? line.replace('"v":1', '"v":one') : line)).join('\n')
    const { read } = blob(gzipSync(broken))
    const found = await read([0, 1, 2])
    expect([...found.values()].map(({ kind }) => kind)).toEqual(['unsplit', 'unread', 'unsplit'])
    expect(found.get(1)).toEqual({ kind: 'unread', cause: expect.any(SyntaxError) })
  })

  it.each([
    ['cut off', packed.subarray(0, -20)],
    ['a few bytes', packed.subarray(0, 3)],
  ])('that is %s, every line not read by then is unread', async (__, bytes) => {
    expect(await blob(bytes).read([4, 9])).toEqual(
      new Map([
        [4, UNREAD],
        [9, UNREAD],
      ]),
    )
  })
})

it('a small blob that unpacks to more than one block is read whole', async () => {
  const large = chunkOf(bodiesOf(3000))
  expect(large.content.byteLength).toBeGreaterThan(1024 * 1024)
  const bytes = gzipSync(large.content, { level: 9 })
  const { read } = blobOf(bytes, 64 * 1024)
  const found = await read([0, 2999])
  expect([...found.values()].map(({ kind }) => kind)).toEqual(['unsplit', 'unsplit'])
})

it('a small blob that unpacks to more than any blob has is unread, in bounded memory', async () => {
  const { read } = blobOf(gzipSync(Buffer.alloc(65 * 1024 * 1024)), 64 * 1024)
  expect(await read([0])).toEqual(
    new Map([[0, { kind: 'unread', cause: expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }) }]]),
  )
})

it('a storage that does not answer is the cause for every line', async () => {
  const cause = new Error('no answer')
  const container = (download: ArchiveDownloads['download']): ArchiveDownloads => ({ download })
  const silent = container(() => Promise.reject(cause))
  expect(await readLines(silent, 'blob', [7])).toEqual(new Map([[7, { kind: 'unread', cause }]]))
  const empty = container(async () => ({ contentLength: 1 }))
  expect((await readLines(empty, 'blob', [7])).get(7)).toMatchObject({ cause: { name: 'InvariantError' } })
})
