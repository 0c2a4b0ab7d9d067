import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startEventHubEmulator } from '../../../../local/emulators/event-hubs/emulator.ts'
import { startFunctionHost } from '../../../../local/emulators/functions-host/function-host.ts'
import type { HostLogLine } from '../../../../local/emulators/functions-host/host-log.ts'
import { readSchedule } from '../../../../local/stack/timer-schedule.ts'
import { handlers, resetHandlers } from '../../../support/function-host-app/handlers.ts'
import { buildFunctionApp } from '../../../support/function-host-app-build.ts'
import { loopMs } from '../../../support/loop-time.ts'
import { type StorageAccount, storageAccount } from '../../../support/storage-account.ts'
import { until } from '../../../support/until.ts'

let azurite: StorageAccount
let appDirectory: string
const lines: HostLogLine[] = []

beforeAll(async () => {
  ;[azurite, appDirectory] = await Promise.all([
    storageAccount(),
    buildFunctionApp(['event-hub', 'queue', 'timer', 'http']),
  ])
})
afterAll(async () => {
  await azurite.stop()
  await rm(appDirectory, { recursive: true })
})
beforeEach(() => {
  lines.length = 0
  resetHandlers()
})

const environment = (hubs: { connectionString(hub: string): string }) => ({
  AzureWebJobsStorage: azurite.connectionString,
  QUEUES: azurite.connectionString,
  QUEUE_NAME: 'absent',
  TICK_SCHEDULE: '0 0 0 1 1 *',
  HELD_NAME: 'held',
  HELD_CONNECTION: hubs.connectionString('held'),
  LOSSY_NAME: 'lossy',
  LOSSY_CONNECTION: hubs.connectionString('lossy'),
})
const start = (settings: Readonly<Record<string, string>>) =>
  startFunctionHost({
    appDirectory,
    environment: settings,
    log: (line) => lines.push(line),
    nowMs: Date.now,
    readSchedule,
  })

describe('a function host', () => {
  it('leaves nothing behind that would keep its process alive', async () => {
    const file = join(appDirectory, 'process.mjs')
    await build({
      entryPoints: [join(import.meta.dirname, '../../../support/function-host-process.ts')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: file,
      banner: {
        js: "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);",
      },
      external: ['@azure/functions-core'],
    })
    const child = spawn(process.execPath, [file, appDirectory, azurite.connectionString], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect(code).toBe(0)
    const [stopped, wentOnForMs] = said.split('\n')
    expect(stopped).toBe('stopped')
    expect(Number(wentOnForMs)).toBeLessThan(500)
  })

  it('stops in bounded time while its storage is frozen and a function hangs, and runs appTerminate', async () => {
    const emulator = await startEventHubEmulator({
      hubs: ['held', 'lossy'].map((name) => ({ name, partitions: 1 })),
      nowMs: Date.now,
    })
    let hanging = false
    let terminated = false
    handlers().held = () => {
      hanging = true
      return new Promise(() => undefined)
    }
    handlers().appTerminate = async () => {
      terminated = true
    }
    const host = await start(environment(emulator))
    emulator.publish('held', [Buffer.from('a')])
    await until(() => hanging)
    await azurite.pause()
    expect(await loopMs(() => host.stop({ graceMs: 200 }))).toBeLessThan(2_000)
    await azurite.resume()
    expect(terminated).toBe(true)
    expect(lines.map(({ message }) => message)).toContain(
      'Not all triggers could stop within 200 ms; what is left is given up.',
    )
    await emulator.stop()
  })

  it('stops once, however often it is asked to', async () => {
    const emulator = await startEventHubEmulator({
      hubs: ['held', 'lossy'].map((name) => ({ name, partitions: 1 })),
      nowMs: Date.now,
    })
    let terminations = 0
    handlers().appTerminate = async () => {
      terminations++
    }
    const host = await start(environment(emulator))
    await Promise.all([host.stop(), host.stop()])
    await host.stop()
    expect(terminations).toBe(1)
    await emulator.stop()
  })

  it.each([
    [
      'HELD_CONNECTION',
      'The function "held" needs a connection string in the app setting HELD_CONNECTION, which is not set.',
    ],
    ['QUEUE_NAME', 'The function "work" needs the app setting QUEUE_NAME, which is not set.'],
    [
      'AzureWebJobsStorage',
      'The Event Hub trigger needs a connection string in the app setting AzureWebJobsStorage',
    ],
  ])('says what is missing without %s, and stops what it had started', async (name, message) => {
    const emulator = await startEventHubEmulator({
      hubs: ['held', 'lossy'].map((hub) => ({ name: hub, partitions: 1 })),
      nowMs: Date.now,
    })
    const settings = Object.fromEntries(Object.entries(environment(emulator)).filter(([key]) => key !== name))
    await expect(start(settings)).rejects.toThrow(message)
    expect(process.env.TICK_SCHEDULE).toBeUndefined()
    await until(() => emulator.stats.connectionsOpen === 0)
    await emulator.stop()
  })

  it('says what to do about an identity-based connection', async () => {
    const settings = {
      HELD_CONNECTION__fullyQualifiedNamespace: 'ns.servicebus.windows.net',
      HELD_NAME: 'held',
    }
    await expect(start(settings)).rejects.toThrow(
      'identity-based connection (HELD_CONNECTION__fullyQualifiedNamespace), which the local host cannot use',
    )
  })

  it('refuses host.json that asks for what it does not do', async () => {
    const path = join(appDirectory, 'host.json')
    const before = await readFile(path, 'utf8')
    await writeFile(path, JSON.stringify({ extensions: { eventHubs: { minEventBatchSize: 20 } } }))
    await expect(start({})).rejects.toThrow('set eventHubs.minEventBatchSize to 1')
    await writeFile(path, before)
  })
})
