import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EventHubProducerClient } from '@azure/event-hubs'
import type { InvocationContext } from '@azure/functions'
import { type BlobClient, BlobServiceClient } from '@azure/storage-blob'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type EventHubEmulator,
  startEventHubEmulator,
} from '../../../../local/emulators/event-hubs/emulator.ts'
import {
  type FunctionHost,
  startFunctionHost,
} from '../../../../local/emulators/functions-host/function-host.ts'
import type { HostTuning } from '../../../../local/emulators/functions-host/host-context.ts'
import type { HostLogLine } from '../../../../local/emulators/functions-host/host-log.ts'
import { readSchedule } from '../../../../local/stack/timer-schedule.ts'
import { handlers, resetHandlers } from '../../../support/function-host-app/handlers.ts'
import { buildFunctionApp } from '../../../support/function-host-app-build.ts'
import { type StorageAccount, storageAccount } from '../../../support/storage-account.ts'
import { until } from '../../../support/until.ts'

let azurite: StorageAccount
let emulator: EventHubEmulator
let appDirectory: string
const hosts: FunctionHost[] = []
const lines: HostLogLine[] = []

beforeAll(async () => {
  ;[azurite, appDirectory] = await Promise.all([storageAccount(), buildFunctionApp(['event-hub'])])
})
afterAll(async () => {
  await azurite.stop()
  await rm(appDirectory, { recursive: true })
})
beforeEach(async () => {
  lines.length = 0
  resetHandlers()
  const hubs = ['held', 'lossy'].map((name) => ({ name, partitions: 2 }))
  emulator = await startEventHubEmulator({ hubs, nowMs: Date.now })
  await BlobServiceClient.fromConnectionString(azurite.connectionString)
    .deleteContainer('azure-webjobs-eventhub')
    .catch(() => undefined)
})
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop({ graceMs: 500 })))
  await emulator.stop()
})

async function start(tuning: Partial<HostTuning> = {}, settings = {}): Promise<FunctionHost> {
  const environment = {
    ...settings,
    AzureWebJobsStorage: azurite.connectionString,
    HELD_NAME: 'held',
    HELD_CONNECTION: emulator.connectionString('held'),
    LOSSY_NAME: 'lossy',
    LOSSY_CONNECTION: emulator.connectionString('lossy'),
  }
  const host = await startFunctionHost({
    appDirectory,
    environment,
    log: (line) => lines.push(line),
    nowMs: Date.now,
    readSchedule,
    tuning: { loadBalancingMs: 300, ownershipExpiryMs: 900, ...tuning },
  })
  hosts.push(host)
  return host
}

const checkpointBlob = (hub: string, partition: string): BlobClient =>
  BlobServiceClient.fromConnectionString(azurite.connectionString)
    .getContainerClient('azure-webjobs-eventhub')
    .getBlobClient(`localhost/${hub}/$default/checkpoint/${partition}`)

async function checkpoint(hub: string, partition: string): Promise<string | undefined> {
  const blob = checkpointBlob(hub, partition)
  if (!(await blob.exists())) return undefined
  return (await blob.getProperties()).metadata?.sequencenumber
}

const bodies = (...texts: readonly string[]) => texts.map((text) => Buffer.from(text))
const partitionOf = (context: InvocationContext) =>
  (context.triggerMetadata as { partitionContext: { partitionId: string } }).partitionContext.partitionId
const texts = (messages: unknown) => (messages as readonly Buffer[]).map(String)

describe('an event hub trigger', () => {
  it('delivers what the official producer sends, exactly, with positions', async () => {
    const sent = [Buffer.from([0xff, 0xfe, 0x00, 0x0a]), Buffer.alloc(0), Buffer.from('{"a": 1}')]
    const received: Buffer[] = []
    const metadata: InvocationContext['triggerMetadata'][] = []
    handlers().held = (messages, context) => {
      received.push(...(messages as Buffer[]))
      metadata.push(context.triggerMetadata)
    }
    await start()
    const producer = new EventHubProducerClient(emulator.connectionString('held'))
    await producer.sendBatch(
      sent.map((body) => ({ body, properties: { Feed: 'test' } })),
      { partitionKey: 'one' },
    )
    await producer.close()
    await until(() => received.length === sent.length)
    expect(received).toEqual(sent)
    const all = <T>(name: string) => metadata.flatMap((one) => one?.[name] as T[])
    expect(all<number>('sequenceNumberArray')).toEqual([0, 1, 2])
    expect(all('propertiesArray')).toEqual(sent.map(() => ({ feed: 'test' })))
    expect(all<{ partitionKey: string }>('systemPropertiesArray').map((one) => one.partitionKey)).toEqual([
      'one',
      'one',
      'one',
    ])
    const [enqueued] = all<string>('enqueuedTimeUtcArray')
    expect(Math.abs(Date.parse(`${enqueued}Z`) - Date.now())).toBeLessThan(10_000)
  })

  it('moves the checkpoint past a failed batch when the function has no retry policy', async () => {
    let runs = 0
    handlers().lossy = () => {
      runs++
      throw new Error('fails')
    }
    await start()
    emulator.publish('lossy', bodies('a', 'b'), { partition: '1' })
    await until(async () => (await checkpoint('lossy', '1')) === '1')
    expect(runs).toBe(1)
  })

  it('holds the partition with an endless retry policy while other partitions go on', async () => {
    const attempts: unknown[] = []
    const others: string[] = []
    let healed = false
    handlers().held = (messages, context) => {
      if (partitionOf(context) === '1') return void others.push(...texts(messages))
      attempts.push([
        texts(messages),
        context.retryContext?.retryCount,
        context.retryContext?.exception?.message,
      ])
      if (!healed) throw new Error('The archive is down.')
    }
    await start()
    emulator.publish('held', bodies('stuck'), { partition: '0' })
    await until(() => attempts.length >= 3)
    emulator.publish('held', bodies('waits'), { partition: '0' })
    emulator.publish('held', bodies('goes on'), { partition: '1' })
    await until(async () => (await checkpoint('held', '1')) === '0')
    expect(others).toEqual(['goes on'])
    expect(await checkpoint('held', '0')).toBeUndefined()
    expect(attempts.slice(0, 3)).toEqual([
      [['stuck'], 0, undefined],
      [['stuck'], 1, 'The archive is down.'],
      [['stuck'], 2, 'The archive is down.'],
    ])
    healed = true
    await until(async () => (await checkpoint('held', '0')) === '1')
    expect(attempts.at(-1)).toEqual([['waits'], 0, undefined])
  })

  it.each([
    ['value', 'text'],
    ['sequence', [[1, 'two']]],
  ] as const)(
    'cannot hand over an AMQP %s: the partition stands still until somebody steps over it',
    async (bodyType, body) => {
      const received: string[] = []
      handlers().held = (messages, context) =>
        void received.push(...texts(messages).map((text) => `${partitionOf(context)} ${text}`))
      const producer = new EventHubProducerClient(emulator.connectionString('held'))
      const data = (text: string) => ({ body: Buffer.from(text) })
      await producer.sendBatch([data('before'), { body, bodyType }, data('after')], { partitionId: '0' })
      await producer.sendBatch([data('goes on')], { partitionId: '1' })
      await producer.close()
      const failing = () =>
        lines.filter(({ message }) => message.includes(`The body of message 1 is an AMQP ${bodyType}`))

      const first = await start()
      await until(async () => failing().length >= 3 && (await checkpoint('held', '1')) === '0', 10_000)
      expect(received).toEqual(['1 goes on'])
      expect(await checkpoint('held', '0')).toBeUndefined()
      await first.stop()

      // As docs/operations.md says: one by one, so that nothing but that message is stepped over.
      lines.length = 0
      const second = await start({}, { AzureFunctionsJobHost__extensions__eventHubs__maxEventBatchSize: '1' })
      await until(async () => failing().length >= 3 && (await checkpoint('held', '0')) === '0', 10_000)
      await second.stop()
      const [, stuck] = [...emulator.messages('held')].filter(({ partition }) => partition === '0')
      await checkpointBlob('held', '0').setMetadata({ sequencenumber: '1', offset: stuck?.offset ?? '' })
      await start()
      await until(async () => (await checkpoint('held', '0')) === '2', 10_000)
      expect(received).toEqual(['1 goes on', '0 before', '0 after'])
    },
    40_000,
  )

  it('leaves the checkpoint where it was when the host stops during a retry, and the next host gets the batch', async () => {
    let attempts = 0
    handlers().held = () => {
      attempts++
      throw new Error('fails')
    }
    const first = await start()
    emulator.publish('held', bodies('a'), { partition: '0' })
    await until(() => attempts > 0)
    await first.stop()
    expect(await checkpoint('held', '0')).toBeUndefined()
    const received: string[] = []
    handlers().held = (messages) => void received.push(...texts(messages))
    await start()
    await until(() => received.length > 0)
    expect(received).toEqual(['a'])
  })

  it('waits for a running batch when it stops, does not checkpoint it, and takes no other', async () => {
    let release: () => void = () => undefined
    const received: string[] = []
    handlers().held = async (messages) => {
      received.push(...texts(messages))
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }
    const host = await start()
    emulator.publish('held', bodies('a'), { partition: '0' })
    await until(() => received.length === 1)
    emulator.publish('held', bodies('b'), { partition: '0' })
    let stopped = false
    const stopping = host.stop().then(() => {
      stopped = true
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(stopped).toBe(false)
    release()
    await stopping
    expect(received).toEqual(['a'])
    expect(await checkpoint('held', '0')).toBeUndefined()
  })

  it('resumes at the checkpoint after a restart', async () => {
    const received: string[] = []
    handlers().held = (messages) => void received.push(...texts(messages))
    const first = await start()
    emulator.publish('held', bodies('a', 'b'), { partition: '0' })
    await until(async () => (await checkpoint('held', '0')) === '1')
    await first.stop()
    emulator.publish('held', bodies('c'), { partition: '0' })
    await start()
    await until(() => received.includes('c'))
    expect(received).toEqual(['a', 'b', 'c'])
  })

  it('checkpoints after every so many batches as host.json says', async () => {
    const path = join(appDirectory, 'host.json')
    const before = await readFile(path, 'utf8')
    await writeFile(path, JSON.stringify({ extensions: { eventHubs: { batchCheckpointFrequency: 2 } } }))
    const announced: unknown[] = []
    handlers().lossy = (_, context) => {
      const metadata = context.triggerMetadata as {
        partitionContext: { isCheckpointingAfterInvocation: boolean }
      }
      announced.push(metadata.partitionContext.isCheckpointingAfterInvocation)
    }
    await start()
    await writeFile(path, before)
    emulator.publish('lossy', bodies('a'), { partition: '0' })
    await until(() => announced.length === 1)
    emulator.publish('lossy', bodies('b'), { partition: '1' })
    await until(() => announced.length === 2)
    expect([await checkpoint('lossy', '0'), await checkpoint('lossy', '1')]).toEqual([undefined, undefined])
    emulator.publish('lossy', bodies('c'), { partition: '0' })
    await until(async () => (await checkpoint('lossy', '0')) === '1')
    expect(announced).toEqual([false, false, true])
  })

  it('cuts batches at maxEventBatchSize and keeps the order of a partition', async () => {
    const batches: string[][] = []
    handlers().held = (messages) => void batches.push(texts(messages))
    emulator.publish('held', bodies(...Array.from({ length: 25 }, (_, i) => String(i))), { partition: '0' })
    await start()
    await until(() => batches.flat().length === 25)
    expect(Math.max(...batches.map((batch) => batch.length))).toBe(10)
    expect(batches.flat()).toEqual(Array.from({ length: 25 }, (_, i) => String(i)))
  })

  it('goes on after its connections were dropped', async () => {
    const received: string[] = []
    handlers().held = (messages) => void received.push(...texts(messages))
    await start()
    emulator.publish('held', bodies('before'), { partition: '0' })
    await until(async () => (await checkpoint('held', '0')) === '0')
    emulator.dropConnections()
    emulator.publish('held', bodies('after'), { partition: '0' })
    await until(() => received.includes('after'))
    expect(received).toEqual(['before', 'after'])
  })

  it('gives a partition up without a checkpoint when another host has taken it during a retry', async () => {
    let failing = true
    const received: string[] = []
    handlers().held = (messages) => {
      if (failing) throw new Error('fails')
      received.push(...texts(messages))
    }
    await start()
    emulator.publish('held', bodies('a'), { partition: '0' })
    emulator.publish('held', bodies('b'), { partition: '1' })
    await until(() => lines.filter(({ message }) => message.includes('Partition 0: retry')).length > 2)
    await start()
    await until(() => lines.some(({ message }) => message.includes('Another host took partition')))
    expect([await checkpoint('held', '0'), await checkpoint('held', '1')]).toEqual([undefined, undefined])
    failing = false
    await until(() => received.includes('a') && received.includes('b'))
  })
})
