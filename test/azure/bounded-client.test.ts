import { getEventListeners, once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { createPipelineRequest } from '@azure/core-rest-pipeline'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readBlob } from '../../shared/archive/reader.ts'
import type { AzureClients } from '../../shared/azure/azure-clients.ts'
import { boundedClient } from '../../shared/azure/bounded-client.ts'
import { azureClients } from '../../shared/composition/azure-clients.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { appSettings } from '../support/app-settings.ts'
import { runLength } from '../support/run-length.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

const LIMIT_MS = 200
/** A caller's delivery timeout, and far less than what follows it. */
const CALLER_MS = 50
const FAR_MS = 60_000

/** Answers when asked to, and is silent otherwise. */
let server: Server
let answers = false
beforeAll(async () => {
  server = createServer((_, response) => {
    if (answers) response.end('well')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const requestWith = (abortSignal?: AbortSignal) =>
  createPipelineRequest({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    allowInsecureConnection: true,
    ...(abortSignal === undefined ? {} : { abortSignal }),
  })

describe('the HTTP client of the storages', () => {
  it('gives up as soon as its caller does', async () => {
    answers = false
    const caller = new AbortController()
    const startedMs = performance.now()
    const sending = boundedClient(systemTime, FAR_MS).sendRequest(requestWith(caller.signal))
    setTimeout(() => caller.abort(), CALLER_MS)
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' })
    expect(performance.now() - startedMs).toBeLessThan(FAR_MS / 10)
  })

  it('gives up by itself, whether its caller has a signal or not', async () => {
    answers = false
    const client = boundedClient(systemTime, LIMIT_MS)
    const startedMs = performance.now()
    await Promise.all(
      [requestWith(), requestWith(new AbortController().signal)].map((request) =>
        expect(client.sendRequest(request)).rejects.toMatchObject({ name: 'AbortError' }),
      ),
    )
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(LIMIT_MS - 20)
  })

  it('leaves the request as it was, while it is sent and after', async () => {
    answers = true
    const { signal } = new AbortController()
    for (const own of [signal, undefined]) {
      const request = requestWith(own)
      const sending = boundedClient(systemTime, FAR_MS).sendRequest(request)
      expect(request.abortSignal).toBe(own)
      const response = await sending
      expect(request.abortSignal).toBe(own)
      expect(response.request, 'by which the SDKs know what was asked').toBe(request)
    }
  })

  it('does not begin for a caller that has given up', async () => {
    const sending = boundedClient(systemTime, FAR_MS).sendRequest(requestWith(AbortSignal.abort()))
    await expect(sending).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('listens to nobody once a request is over, whether answered or given up', async () => {
    const limit = new AbortController().signal
    const client = boundedClient(
      { monotonicMs: () => 0, limit: () => ({ signal: limit, end: () => undefined }) },
      FAR_MS,
    )
    const caller = new AbortController()
    answers = true
    await Promise.all([1, 2, 3].map(() => client.sendRequest(requestWith(caller.signal))))
    answers = false
    const silent = client.sendRequest(requestWith(caller.signal))
    expect([caller.signal, limit].map((signal) => getEventListeners(signal, 'abort').length)).toEqual([1, 1])
    caller.abort()
    await expect(silent).rejects.toMatchObject({ name: 'AbortError' })
    await wait(0)
    expect([caller.signal, limit].map((signal) => getEventListeners(signal, 'abort').length)).toEqual([0, 0])
  })

  it('warns of no leak where many requests are under way, and would of one', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue()
    const limit = new AbortController()
    const client = boundedClient(
      { monotonicMs: () => 0, limit: () => ({ signal: limit.signal, end: () => undefined }) },
      FAR_MS,
    )
    answers = false
    const silent = Array.from({ length: 100 }, () => client.sendRequest(requestWith()))
    expect(getEventListeners(limit.signal, 'abort')).toHaveLength(100)
    expect(warned).not.toHaveBeenCalled()
    for (let i = 0; i <= 1000; i++) limit.signal.addEventListener('abort', () => i)
    expect(warned).toHaveBeenCalledOnce()
    limit.abort()
    for (const one of await Promise.allSettled(silent))
      expect(one).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } })
  })

  it('gives each attempt at a request a limit of its own', async () => {
    const client = boundedClient(systemTime, LIMIT_MS)
    const request = requestWith(new AbortController().signal)
    answers = false
    await expect(client.sendRequest(request)).rejects.toMatchObject({ name: 'AbortError' })
    answers = true
    expect((await client.sendRequest(request)).status).toBe(200)
  })

  it('gives a request that follows others as long as the first', async () => {
    const client = boundedClient(systemTime, LIMIT_MS)
    answers = true
    for (
      const startedMs = performance.now();
      performance.now() - startedMs < LIMIT_MS * 1.5;
      await wait(20)
    ) {
      expect((await client.sendRequest(requestWith())).status).toBe(200)
    }
  })
})

const clientsOf = (azurite: StorageAccount): AzureClients =>
  azureClients(
    readSettings(appSettings(azurite, 'https://localhost/')),
    () => Promise.reject(new Error('No credential is needed here.')),
    systemTime,
  )

describe('a client of a storage', () => {
  const READS = runLength(600, 2_000)
  const MAX_BYTES_A_READ = 2000
  let azurite: StorageAccount
  beforeAll(async () => {
    azurite = await storageAccount()
  })
  afterAll(() => azurite.stop())

  it.each<readonly [string, (of: AzureClients) => Promise<unknown>, number]>([
    ['a row', async (of) => (await of.table('nowhere')).getEntity('a', 'b'), 404],
    [
      'a new row',
      async (of) => (await of.table('nowhere')).createEntity({ partitionKey: 'a', rowKey: 'b' }),
      404,
    ],
    ['a blob', async (of) => (await of.container('nowhere')).getBlockBlobClient('b').download(), 404],
    ['a wake-up', async (of) => (await of.queue('nowhere')).sendMessage('text'), 404],
  ])('has every refusal of a storage for an error: %s', async (_, ask, statusCode) => {
    await expect(ask(clientsOf(azurite))).rejects.toMatchObject({ statusCode })
  })

  it(`leaves nothing behind: ${READS} archive blobs that are read keep less than ${MAX_BYTES_A_READ} bytes each alive`, async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const liveBytes = async (): Promise<number> => {
      for (let i = 0; i < 3; i++) {
        collectGarbage()
        await wait(20)
      }
      return process.memoryUsage().heapUsed
    }
    const archive = await clientsOf(azurite).container('archive')
    await archive.createIfNotExists()
    const line = '{"v":1,"position":{"enqueuedAt":"2026-03-01T09:00:00Z"},"skipped":{}}\n'
    const content = gzipSync(Buffer.from(line))
    await archive.getBlockBlobClient('v1/b').upload(content, content.byteLength)

    const read = async (count: number): Promise<void> => {
      let left = count
      const reader = async (): Promise<void> => {
        while (left-- > 0)
          for await (const { line: number } of readBlob(archive, 'v1/b')) expect(number).toBe(0)
      }
      await Promise.all(Array.from({ length: 8 }, reader))
    }
    await read(200)
    const before = await liveBytes()
    await read(READS)
    expect(((await liveBytes()) - before) / READS).toBeLessThan(MAX_BYTES_A_READ)
  }, 120_000)
})
