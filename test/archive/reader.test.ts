import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { buildChunk } from '../../shared/archive/chunk.ts'
import { readBlob } from '../../shared/archive/reader.ts'
import { archiveWriter } from '../../shared/archive/writer.ts'
import type { LeanContainer } from '../../shared/azure/lean-container.ts'
import { InvariantError } from '../../shared/domain/invariant-error.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { settings } from '../source/reading-under-test.ts'
import { archiveLines, positionOf } from '../support/archive-lines.ts'
import { type AzuriteStores, azuriteStores } from '../support/azurite-stores.ts'
import { virtualTime } from '../support/virtual-time.ts'

const bodies = [
  'no JSON',
  'x'.repeat(3000),
  '{"category":"RiskyAgents"}',
  '{"category":"SignInLogs"}',
  '漢字',
]
const chunk = buildChunk(
  bodies.map((body, i) => readMessage({ position: positionOf(i), body: Buffer.from(body) }, settings)),
)
const expected = archiveLines(bodies)
/** Not compressed, so that what is unpacked ends where what is read ends. */
const stored = gzipSync(chunk.content, { level: 0 })

const all = async (lines: AsyncIterable<ArchiveLine>): Promise<readonly ArchiveLine[]> => {
  const found = []
  for await (const line of lines) found.push(line)
  return found
}

/** The lines of a blob that comes as this stream. */
const linesOf = (blob: string, readableStreamBody: Readable): AsyncIterable<ArchiveLine> =>
  readBlob({ download: async () => ({ readableStreamBody }) }, blob)

/** Bytes as a network would hand them over: in pieces. */
function pieces(bytes: Buffer, sizes: readonly number[]): Readable {
  const cut: Buffer[] = []
  let start = 0
  for (let i = 0; start < bytes.length; i++) {
    const end = start + (sizes[i % sizes.length] ?? 1)
    cut.push(bytes.subarray(start, end))
    start = end
  }
  return Readable.from(cut)
}

describe('the lines of an archive blob', () => {
  it('are the same wherever the network cuts the blob', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(sizes, async (some) => {
        expect(await all(linesOf(chunk.blob, pieces(stored, some)))).toEqual(expected)
      }),
      { numRuns: 50, examples: [[[1]]] },
    )
  })

  it('are none where it holds nothing', async () => {
    expect(await all(linesOf('blob', Readable.from([gzipSync('')])))).toEqual([])
  })

  it('end with an error where the last one is cut off: it may be part of a record', async () => {
    const cut = gzipSync(chunk.content.subarray(0, -1))
    await expect(all(linesOf('blob', Readable.from([cut])))).rejects.toThrow(InvariantError)
  })

  it.each([
    ['is damaged', () => Buffer.concat([stored.subarray(0, 400), Buffer.alloc(40), stored.subarray(440)])],
    ['ends before its end', () => stored.subarray(0, -20)],
    ['is not compressed', () => chunk.content],
  ])('end with an error where the blob %s', async (_, bytes) => {
    await expect(all(linesOf('blob', Readable.from([bytes()])))).rejects.toMatchObject({
      code: expect.stringMatching(/^Z_(DATA|BUF)_ERROR$/),
    })
  })

  it('end with the error of the network', async () => {
    const broken = Readable.from(
      (async function* () {
        yield stored.subarray(0, 500)
        throw new Error('connection reset')
      })(),
    )
    await expect(all(linesOf('blob', broken))).rejects.toThrow('connection reset')
  })

  it('are read no further than somebody wants them', async () => {
    const source = pieces(stored, [100])
    for await (const line of linesOf('blob', source)) if (line.line === 0) break
    await expect.poll(() => source.destroyed).toBe(true)
  })
})

describe('a blob of the archive', () => {
  let stores: AzuriteStores
  let container: LeanContainer
  beforeAll(async () => {
    stores = await azuriteStores()
    container = await stores.container()
  })
  afterAll(() => stores.stop())

  it('is read as it was written', async () => {
    await archiveWriter(container, '1.2.3', virtualTime()).write(chunk)
    expect(await all(readBlob(container, chunk.blob))).toEqual(expected)
  })

  it('that is not there is an error that says so', async () => {
    await expect(all(readBlob(container, 'v1/none'))).rejects.toMatchObject({ code: 'BlobNotFound' })
  })
})
