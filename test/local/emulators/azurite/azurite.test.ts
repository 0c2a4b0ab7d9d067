import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlobServiceClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAzurite } from '../../../../local/emulators/azurite/azurite.ts'
import { type StorageAccount, storageAccount } from '../../../support/storage-account.ts'
import { until } from '../../../support/until.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

/** A process that has ended but was not yet collected by its new parent (state Z) is dead, too. */
const isAlive = (pid: number) =>
  /^[^Z]/.test(
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .stdout.toString()
      .trim(),
  )

describe('azurite', () => {
  it('serves blobs and queues to the current SDKs on the loopback address', async () => {
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
      'one',
    )
    await container.create()
    await container.getBlockBlobClient('a').upload('bytes', 5)
    expect((await container.getBlobClient('a').downloadToBuffer()).toString()).toBe('bytes')
    const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('one')
    await queue.create()
    await queue.sendMessage('wake-up')
    expect((await queue.receiveMessages()).receivedMessageItems[0]?.messageText).toBe('wake-up')
    expect(new URL(azurite.tableUrl).hostname).toBe('127.0.0.1')
  })

  it('answers nothing while paused and everything after resume', async () => {
    const service = BlobServiceClient.fromConnectionString(azurite.connectionString)
    await azurite.pause()
    let answered = false
    const answer = service.getProperties().then(() => {
      answered = true
    })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(answered).toBe(false)
    await azurite.resume()
    await answer
    expect(answered).toBe(true)
  })

  it('keeps its data in a folder across a restart on the same ports', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'azurite-'))
    const first = await startAzurite({ directory })
    const container = BlobServiceClient.fromConnectionString(first.connectionString).getContainerClient(
      'kept',
    )
    await container.create()
    await container.getBlockBlobClient('a').upload('kept', 4)
    await first.stop()
    expect(isAlive(first.pid)).toBe(false)
    const port = (url: string) => Number(new URL(url).port)
    const ports = { blob: port(first.blobUrl), queue: port(first.queueUrl), table: port(first.tableUrl) }
    const second = await startAzurite({ directory, ports })
    expect(second.connectionString).toBe(first.connectionString)
    expect((await container.getBlobClient('a').downloadToBuffer()).toString()).toBe('kept')
    await second.stop()
    await rm(directory, { recursive: true })
  })

  it('says what to check when a port is taken', async () => {
    const taken = Number(new URL(azurite.blobUrl).port)
    const start = startAzurite({ ports: { blob: taken, queue: 0, table: 0 } })
    await expect(start).rejects.toThrow(/ended while starting.*EADDRINUSE/s)
  })
})

describe('azurite ends with its parent', () => {
  const folder = mkdtemp(join(tmpdir(), 'azurite-parent-'))
  const parentFile = folder.then((path) => join(path, 'parent.mjs'))
  beforeAll(async () => {
    await build({
      entryPoints: ['test/support/azurite-parent.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: await parentFile,
      define: { 'import.meta.url': JSON.stringify(import.meta.url) },
    })
  })
  afterAll(async () => {
    await rm(await folder, { recursive: true })
  })

  it.each(['exit', 'SIGKILL', 'SIGKILL while paused'])('on %s', async (end) => {
    const parent = spawn(process.execPath, [await parentFile, end], { stdio: ['ignore', 'pipe', 'ignore'] })
    const exited = once(parent, 'exit')
    const [line] = await once(parent.stdout.setEncoding('utf8'), 'data')
    const pid = Number(line)
    expect(isAlive(pid)).toBe(true)
    parent.kill(end.startsWith('SIG') ? (end.split(' ')[0] as NodeJS.Signals) : 'SIGUSR2')
    await exited
    await until(() => !isAlive(pid))
  })
})
