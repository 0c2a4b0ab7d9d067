import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FeedError, MAX_MESSAGE_BYTES } from '../../../../local/stack/feed/feed-message.ts'
import { readFeed } from '../../../../local/stack/feed/read-feed.ts'

let folder: string
const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, content)
  return path
}
const texts = async (path: string) => (await readFeed(path)).map(({ body }) => Buffer.from(body).toString())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feed-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('a feed', () => {
  it('sends a .json file as one message, byte for byte', async () => {
    const content = '\ufeff{ "records" : [\r\n 1, ]\r\n\r\n'
    expect(await texts(await put('one.json', content))).toEqual([content])
  })

  it('sends a .bin file as it is, even when it is empty', async () => {
    const [message] = await readFeed(await put('raw.bin', Uint8Array.of(0xff, 0x00, 0x0a)))
    expect([...(message?.body ?? [])]).toEqual([0xff, 0x00, 0x0a])
    expect((await readFeed(await put('empty.bin', ''))).map(({ body }) => body.length)).toEqual([0])
  })

  it('sends each line of an .ndjson file and puts bare records into an envelope', async () => {
    const path = await put('lines.ndjson', '{"a": 1 }\r\n\n  \n{"records":[2]}\n[3]\n{broken\n"text"')
    expect(await texts(path)).toEqual([
      '{"records":[{"a": 1 }]}',
      '{"records":[2]}',
      '[3]',
      '{broken',
      '"text"',
    ])
  })

  it('reads a folder at any depth, sorted by name, and leaves other files out', async () => {
    await put('b.json', 'b')
    await put('a/z.json', 'az')
    await put('a.json', 'a')
    await put('README.md', 'no')
    await put('a/c.ndjson', '1\n2\n')
    const messages = await readFeed(folder)
    expect(messages.map(({ body }) => Buffer.from(body).toString())).toEqual(['a', '1', '2', 'az', 'b'])
    expect(messages.map(({ file }) => file.slice(folder.length))).toEqual([
      '/a.json',
      '/a/c.ndjson',
      '/a/c.ndjson',
      '/a/z.json',
      '/b.json',
    ])
  })

  it('refuses a file of another kind that is named itself', async () => {
    await expect(readFeed(await put('notes.txt', '{}'))).rejects.toThrow(
      /notes\.txt: expected a folder or a file that ends/,
    )
  })

  it('refuses a path that is not there, and a folder that holds nothing to send', async () => {
    await expect(readFeed(join(folder, 'nowhere'))).rejects.toThrow(FeedError)
    await expect(readFeed(folder)).rejects.toThrow(/holds no message/)
  })

  it('refuses a message that no hub would take, whole or as a line', async () => {
    const large = 'x'.repeat(MAX_MESSAGE_BYTES + 1)
    await expect(readFeed(await put('large.json', large))).rejects.toThrow(
      /large\.json: a message of 1047553 bytes/,
    )
    await expect(readFeed(await put('large.ndjson', `1\n${large}`))).rejects.toThrow(
      /large\.ndjson: a message of/,
    )
    expect(await texts(await put('just.json', large.slice(1)))).toHaveLength(1)
  })
})
