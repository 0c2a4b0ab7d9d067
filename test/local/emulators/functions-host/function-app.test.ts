import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InvocationContext } from '@azure/functions'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type FunctionApp, loadFunctionApp } from '../../../../local/emulators/functions-host/function-app.ts'
import type { HostLogLine } from '../../../../local/emulators/functions-host/host-log.ts'
import { handlers, resetHandlers } from '../../../support/function-host-app/handlers.ts'
import { buildFunctionApp } from '../../../support/function-host-app-build.ts'

const lines: HostLogLine[] = []
let appDirectory: string
let app: FunctionApp
const load = (environment: Readonly<Record<string, string>> = {}) =>
  loadFunctionApp({ appDirectory, environment, log: (line) => lines.push(line) })

beforeAll(async () => {
  appDirectory = await buildFunctionApp(['event-hub', 'queue', 'timer', 'http'])
  app = await load({ APP_VALUE: 'first' })
})
afterAll(async () => {
  await app.terminate()
  await rm(appDirectory, { recursive: true })
})
beforeEach(() => {
  resetHandlers()
  lines.length = 0
})

const message = (body: Uint8Array, sequenceNumber = 7) => ({
  body,
  sequenceNumber,
  offset: String(sequenceNumber * 100),
  enqueuedAtMs: Date.UTC(2026, 10, 21, 1, 2, 3, 450),
})

describe('a loaded app', () => {
  it('lists what the real library registered', () => {
    expect(app.functions.map(({ name, trigger }) => [name, trigger.type])).toEqual([
      ['held', 'eventHub'],
      ['lossy', 'eventHub'],
      ['guarded', 'http'],
      ['open', 'http'],
      ['work', 'queue'],
      ['workPoison', 'queue'],
      ['tick', 'timer'],
      ['hourly', 'timer'],
    ])
  })

  it('gets the exact bytes of every message, empty and non-UTF-8 ones included', async () => {
    const bodies = [Buffer.from([0xff, 0xfe, 0x00]), Buffer.alloc(0), Buffer.from('{"a":1}')]
    let received: unknown
    handlers().held = (messages) => {
      received = messages
    }
    const outcome = await app.invokeEventHub('held', { messages: bodies.map((body, i) => message(body, i)) })
    expect(outcome.ok).toBe(true)
    expect(received).toEqual(bodies)
  })

  it('sees the metadata that the Functions host sends, with the first letters lower-cased by the library', async () => {
    let metadata: InvocationContext['triggerMetadata']
    handlers().held = (_, context) => {
      metadata = context.triggerMetadata
    }
    const second = { ...message(Buffer.from('b'), 8), partitionKey: 'key', properties: { Own: 'value' } }
    await app.invokeEventHub('held', { messages: [message(Buffer.from('a')), second], partitionId: '3' })
    const partition = {
      isCheckpointingAfterInvocation: true,
      fullyQualifiedNamespace: 'localhost',
      eventHubName: 'hub',
      consumerGroup: '$Default',
      partitionId: '3',
    }
    const system = (sequenceNumber: number, partitionKey: string | null) => ({
      'x-opt-sequence-number': sequenceNumber,
      'x-opt-offset': String(sequenceNumber * 100),
      'x-opt-enqueued-time': '2026-11-21T01:02:03.45+00:00',
      ...(partitionKey !== null && { 'x-opt-partition-key': partitionKey }),
      sequenceNumber,
      offset: sequenceNumber * 100,
      offsetString: String(sequenceNumber * 100),
      partitionKey,
      enqueuedTimeUtc: '2026-11-21T01:02:03.45',
    })
    expect(metadata).toEqual({
      triggerPartitionContext: partition,
      partitionContext: partition,
      partitionKeyArray: ['key'],
      offsetArray: [700, 800],
      offsetStringArray: [700, 800],
      sequenceNumberArray: [7, 8],
      enqueuedTimeUtcArray: ['2026-11-21T01:02:03.45', '2026-11-21T01:02:03.45'],
      propertiesArray: [{}, { own: 'value' }],
      systemPropertiesArray: [system(7, null), system(8, 'key')],
    })
  })

  it('gives a retry context from the first attempt on, only where there is a retry policy', async () => {
    const contexts: unknown[] = []
    handlers().held = (_, context) => contexts.push(context.retryContext)
    handlers().lossy = (_, context) => contexts.push(context.retryContext)
    const messages = [message(Buffer.from('a'))]
    await app.invokeEventHub('held', { messages })
    await app.invokeEventHub('held', { messages, retryCount: 3 })
    await app.invokeEventHub('lossy', { messages })
    expect(contexts).toEqual([
      { retryCount: 0, maxRetryCount: -1 },
      { retryCount: 3, maxRetryCount: -1 },
      undefined,
    ])
  })

  it('gives a failure back, logs it, and lets the hooks see it', async () => {
    const seen: unknown[] = []
    handlers().preInvocation = (name) => seen.push(name)
    handlers().postInvocation = (name, error) => seen.push(name, error)
    const error = new Error('The archive cannot be written.')
    handlers().lossy = (_, context) => {
      context.warn('about to fail')
      throw error
    }
    const outcome = await app.invokeEventHub('lossy', { messages: [message(Buffer.from('a'))] })
    expect(outcome).toEqual({ ok: false, error })
    expect(seen).toEqual(['lossy', 'lossy', error])
    expect(lines).toMatchObject([
      { level: 'warning', category: 'user', message: 'about to fail', functionName: 'lossy' },
      { level: 'error', category: 'host', message: 'The function failed. The archive cannot be written.' },
    ])
  })

  it('lets log hooks change a line', async () => {
    handlers().log = (message) => message.replace('secret', '***')
    handlers().lossy = (_, context) => context.log('a secret')
    await app.invokeEventHub('lossy', { messages: [message(Buffer.from('a'))] })
    expect(lines).toMatchObject([{ level: 'information', category: 'user', message: 'a ***' }])
  })

  it('fires a timer by hand with what the host hands over', async () => {
    let timer: unknown
    handlers().tick = (input) => {
      timer = input
    }
    expect((await app.invoke('tick')).ok).toBe(true)
    expect(timer).toEqual({ schedule: { adjustForDST: true }, scheduleStatus: null, isPastDue: false })
  })

  it('merges the fields of a JSON queue message into the metadata, where they replace those of the host', async () => {
    let metadata: InvocationContext['triggerMetadata'] = {}
    handlers().work = (_, context) => {
      metadata = context.triggerMetadata
    }
    await app.invokeQueue(
      'work',
      '{"id":"mine","DequeueCount":40,"deep":{"a":true},"list":[1],"flag":true,"none":null}',
    )
    expect(metadata).toMatchObject({ id: 'mine', dequeueCount: 40, deep: { a: true }, flag: 'True' })
    expect(metadata).toHaveProperty('none', undefined)
    expect(metadata).not.toHaveProperty('list')
  })

  it('names what it has when asked for a function it has not', async () => {
    await expect(app.invoke('held')).rejects.toThrow(
      'The app has no timer function "held"; it has: held, lossy',
    )
  })
})

describe('apps one after the other in a process', () => {
  it('load afresh each time, with their own settings, and leave neither settings nor files behind', async () => {
    expect(process.env.APP_VALUE).toBe('first')
    await app.terminate()
    expect(process.env.APP_VALUE).toBeUndefined()
    const temporary = await mkdtemp(join(tmpdir(), 'function-app-copies-'))
    vi.stubEnv('TMPDIR', temporary)
    app = await load({ APP_VALUE: 'second' })
    expect(await readdir(temporary)).toHaveLength(1)
    expect(app.functions.length).toBe(8)
    expect(process.env.APP_VALUE).toBe('second')
    await app.terminate()
    expect(await readdir(temporary)).toEqual([])
    vi.unstubAllEnvs()
    await rm(temporary, { recursive: true })
    app = await load()
  })

  it('run the appStart hook, and wait for the appTerminate hook', async () => {
    let started = 0
    let flushed = false
    handlers().appStart = () => {
      started++
    }
    await app.terminate()
    app = await load()
    expect(started).toBe(1)
    handlers().appTerminate = async () => {
      await new Promise((resolve) => setTimeout(resolve, 30))
      flushed = true
    }
    await app.terminate()
    expect(flushed).toBe(true)
    app = await load()
  })

  it('wait for each other while they load, and each takes only its own settings out again', async () => {
    await app.terminate()
    const both = await Promise.all([load({ APP_VALUE: 'a', ONLY_A: 'a' }), load({ APP_VALUE: 'b' })])
    expect(both.map(({ functions }) => functions.length)).toEqual([8, 8])
    await both[0].terminate()
    expect(process.env.ONLY_A).toBeUndefined()
    expect(process.env.APP_VALUE).toBe('b')
    await both[1].terminate()
    expect(process.env.APP_VALUE).toBeUndefined()
    app = await load()
  })
})
