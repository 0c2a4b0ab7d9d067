import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob'
import { QueueServiceClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { blobNames } from '../../local/checks/once/collect.ts'
import type { HostProcess } from '../../local/stack/host-process.ts'
import { type Stack, startStack } from '../../local/stack/stack.ts'
import { storageAccount } from '../support/storage-account.ts'
import { until } from '../support/until.ts'

const WAKE_UPS = 'outbox-wake-up'

/**
 * What nobody of ours would send: text, JSON of other shapes, a sink that does not exist,
 * names that the trigger uses itself.
 */
const STRANGE_MESSAGES = [
  'no JSON <&>',
  Buffer.from('{}').toString('base64'),
  '{}',
  '{"outboxPartition":5}',
  '{"outboxPartition":{"sink":"nobody","namespace":"n","hub":"h","partition":"0"},"id":7,"dequeueCount":99}',
  '{"outboxPartition":{"sink":"webhook","namespace":"half a pair \\ud800","hub":"h","partition":"0"}}',
  `{"outboxPartition":{"sink":"webhook","namespace":"n","hub":"h","partition":"${'0'.repeat(2_000)}"}}`,
]
/** What the host gives up on lands there, and whatever anybody else puts there. */
const GIVEN_UP = [
  '{"outboxPartition" : {"sink":"webhook"}, "n":12345678901234567890}',
  'no JSON <&>',
  'bm8gSlNPTg==',
]

let stack: Stack
let host: HostProcess
let queues: QueueServiceClient
let deadLetters: ContainerClient
const log: string[] = []

beforeAll(async () => {
  stack = await startStack({
    nowMs: Date.now,
    storage: storageAccount(),
    settings: { HEARTBEAT_SCHEDULE: '* * * * * *' },
  })
  queues = QueueServiceClient.fromConnectionString(stack.azurite.connectionString)
  deadLetters = BlobServiceClient.fromConnectionString(stack.azurite.connectionString).getContainerClient(
    'deadletters',
  )
  host = await stack.startHost((level, line) => log.push(`${level} ${line}`))
})
afterAll(async () => {
  await host.stop()
  await stack.stop()
})

const waiting = async (queue: string): Promise<number> =>
  (await queues.getQueueClient(queue).getProperties()).approximateMessagesCount ?? 0

const kept = async (): Promise<readonly string[]> => {
  const names = (await blobNames(deadLetters)).filter((name) => name.startsWith('v1/poison/'))
  return Promise.all(
    names.map(async (name) => (await deadLetters.getBlockBlobClient(name).downloadToBuffer()).toString()),
  )
}

// The host keeps no status of a timer that fires more than once a minute: the heartbeat is then
// told of no last time.
it('a heartbeat that is to come every second arrives at both sinks', async () => {
  await until(
    () => stack.ingestion.eventIds().size > 1 && stack.siem.eventIds().size > 1,
    20_000,
    () => log.join('\n'),
  )
  expect(log.filter((line) => line.startsWith('error'))).toEqual([])
})

describe('messages that are no wake-ups', () => {
  it('are taken from the wake-up queue and stop nothing', async () => {
    for (const text of STRANGE_MESSAGES) await queues.getQueueClient(WAKE_UPS).sendMessage(text)
    await until(async () => (await waiting(WAKE_UPS)) === 0, 20_000)
    const told = (): number => log.filter((line) => line.includes('names no outbox partition')).length
    await until(() => told() >= 6, 20_000)
    expect(told()).toBe(6)
    expect(await kept()).toEqual([])
  })

  it('are kept as they are once the host has given up on them, and the queue of its poison stays empty', async () => {
    const poison = queues.getQueueClient(`${WAKE_UPS}-poison`)
    for (const text of GIVEN_UP) await poison.sendMessage(text)
    await until(async () => (await waiting(poison.name)) === 0, 20_000)
    await until(async () => (await kept()).length >= GIVEN_UP.length, 20_000)
    expect((await kept()).toSorted()).toEqual(GIVEN_UP.toSorted())
    expect(await queues.getQueueClient(`${poison.name}-poison`).exists()).toBe(false)
  })
})
