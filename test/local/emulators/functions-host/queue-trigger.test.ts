import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { InvocationContext } from '@azure/functions'
import { type QueueClient, QueueServiceClient } from '@azure/storage-queue'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
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
let appDirectory: string
let host: FunctionHost | undefined
let queue: QueueClient
let poison: QueueClient
const lines: HostLogLine[] = []

beforeAll(async () => {
  ;[azurite, appDirectory] = await Promise.all([storageAccount(), buildFunctionApp(['queue'])])
})
afterAll(async () => {
  await azurite.stop()
  await rm(appDirectory, { recursive: true })
})
beforeEach(async () => {
  lines.length = 0
  resetHandlers()
  const service = QueueServiceClient.fromConnectionString(azurite.connectionString)
  const name = `work-${randomUUID()}`
  queue = service.getQueueClient(name)
  poison = service.getQueueClient(`${name}-poison`)
})
afterEach(async () => {
  await host?.stop({ graceMs: 500 })
})

async function start(tuning: Partial<HostTuning> = {}): Promise<FunctionHost> {
  host = await startFunctionHost({
    appDirectory,
    environment: { QUEUE_NAME: queue.name, QUEUES: azurite.connectionString },
    log: (line) => lines.push(line),
    nowMs: Date.now,
    readSchedule,
    tuning: { minQueuePollMs: 10, maxQueuePollMs: 100, ...tuning },
  })
  return host
}

const send = (text: string) => queue.sendMessage(Buffer.from(text).toString('base64'))
const length = async (of: QueueClient) => (await of.getProperties()).approximateMessagesCount

describe('a queue trigger', () => {
  it('runs the function on a message, once the queue exists, and deletes it', async () => {
    const received: unknown[] = []
    handlers().work = (message, context) => received.push([message, context.triggerMetadata?.dequeueCount])
    await start()
    await queue.create()
    await send('{"wakeUp":"sink/p0"}')
    await until(async () => received.length === 1 && (await length(queue)) === 0)
    expect(received).toEqual([[{ wakeUp: 'sink/p0' }, 1]])
  })

  it('never hears how a run ended, nor what it said last, if the worker exits at that moment', async () => {
    let release: () => void = () => undefined
    let hasEnded = false
    handlers().work = async (_, context) => {
      context.log('at work')
      await new Promise<void>((resolve) => {
        release = resolve
      })
      context.log('at last')
      hasEnded = true
    }
    handlers().appTerminate = async () => release()
    await queue.create()
    await send('wake-up')
    const stopping = await start()
    await until(() => lines.some(({ message }) => message === 'at work'))
    await stopping.stop({ graceMs: 50 })
    expect(hasEnded).toBe(true)
    expect(lines.map(({ message }) => message)).not.toContain('at last')
    // Not deleted: it comes again when it is visible again, here ten minutes later.
    expect(await length(queue)).toBe(1)
  })

  it('tells the function about the message under the names of the Functions host', async () => {
    let metadata: InvocationContext['triggerMetadata']
    handlers().work = (_, context) => {
      metadata = context.triggerMetadata
    }
    await queue.create()
    const sent = await send('wakeUps')
    await start()
    await until(() => metadata !== undefined)
    expect(metadata).toMatchObject({ queueTrigger: 'wakeUps', dequeueCount: 1, id: sent.messageId })
    expect(metadata?.insertionTime).toBe(sent.insertedOn.toISOString().replace('.000Z', '+00:00'))
    expect(Object.keys(metadata ?? {})).toEqual(
      expect.arrayContaining(['expirationTime', 'nextVisibleTime', 'popReceipt']),
    )
  })

  it('moves a message that fails maxDequeueCount times to the poison queue, as it was', async () => {
    const counts: unknown[] = []
    handlers().work = (_, context) => {
      counts.push(context.triggerMetadata?.dequeueCount)
      throw new Error('fails')
    }
    const deadLettered: unknown[] = []
    handlers().workPoison = (message) => deadLettered.push(message)
    await queue.create()
    await send('bad "message"')
    await start()
    await until(() => deadLettered.length === 1)
    expect(counts).toEqual([1, 2])
    expect(deadLettered).toEqual(['bad "message"'])
    expect(lines.map(({ message }) => message)).toContain(
      `A message of ${queue.name} is moved to ${poison.name} after 2 tries.`,
    )
    await until(async () => (await length(queue)) === 0 && (await length(poison)) === 0)
  })

  it('leaves a message of a poison queue invisible when its function fails, and makes no queue for it', async () => {
    let runs = 0
    handlers().workPoison = () => {
      runs++
      throw new Error('fails')
    }
    await queue.create()
    await poison.create()
    await poison.sendMessage(Buffer.from('deadLettered').toString('base64'))
    await start()
    await until(() => runs === 1)
    await host?.stop()
    expect(await length(poison)).toBe(1)
    expect((await poison.receiveMessages()).receivedMessageItems).toEqual([])
    const service = QueueServiceClient.fromConnectionString(azurite.connectionString)
    expect(await service.getQueueClient(`${poison.name}-poison`).exists()).toBe(false)
    expect(runs).toBe(1)
  })

  it('moves a message that is not base64 to the poison queue without running the function', async () => {
    let runs = 0
    handlers().work = () => runs++
    await queue.create()
    await queue.sendMessage('no base64!')
    await start()
    await until(async () => (await poison.exists()) && (await length(queue)) === 0)
    expect(runs).toBe(0)
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining('not in base64')]),
    )
  })

  it('keeps a message invisible for as long as its function runs', async () => {
    let runs = 0
    let release: () => void = () => undefined
    handlers().work = async () => {
      runs++
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }
    await queue.create()
    await send('long')
    await start({ queueInvisibilityMs: 1_000 })
    await until(() => runs === 1)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(runs).toBe(1)
    release()
    await until(async () => (await length(queue)) === 0)
    expect(runs).toBe(1)
  })

  it('runs no more messages at once than batchSize and newBatchThreshold together', async () => {
    let running = 0
    let most = 0
    let done = 0
    handlers().work = async () => {
      most = Math.max(most, ++running)
      await new Promise((resolve) => setTimeout(resolve, 20))
      running--
      done++
    }
    await queue.create()
    await Promise.all(Array.from({ length: 20 }, (_, i) => send(String(i))))
    await start()
    await until(() => done === 20)
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(6)
  })

  it('finishes and deletes what runs when the host stops', async () => {
    let begun = 0
    let done = 0
    handlers().work = async () => {
      begun++
      await new Promise((resolve) => setTimeout(resolve, 100))
      done++
    }
    await queue.create()
    await send('last')
    const stopping = await start()
    await until(() => begun === 1)
    await stopping.stop({ graceMs: 2_000 })
    expect(done).toBe(1)
    expect(await length(queue)).toBe(0)
  })
})
