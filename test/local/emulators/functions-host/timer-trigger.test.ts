import { rm } from 'node:fs/promises'
import type { Timer } from '@azure/functions'
import { BlobServiceClient } from '@azure/storage-blob'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFunctionHost } from '../../../../local/emulators/functions-host/function-host.ts'
import { readSchedule } from '../../../../local/stack/timer-schedule.ts'
import { handlers, resetHandlers } from '../../../support/function-host-app/handlers.ts'
import { buildFunctionApp } from '../../../support/function-host-app-build.ts'
import { type StorageAccount, storageAccount } from '../../../support/storage-account.ts'
import { until } from '../../../support/until.ts'

let azurite: StorageAccount
let appDirectory: string
beforeAll(async () => {
  ;[azurite, appDirectory] = await Promise.all([storageAccount(), buildFunctionApp(['timer'])])
})
afterAll(async () => {
  await azurite.stop()
  await rm(appDirectory, { recursive: true })
})
beforeEach(() => {
  resetHandlers()
})

/** A clock that stands still until it is moved; whoever sleeps wakes when his time has come. */
function testClock(startMs: number) {
  let nowMs = startMs
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>()
  return {
    nowMs: () => nowMs,
    sleepers: () => sleepers.size,
    sleep: (delayMs: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const sleeper = { untilMs: nowMs + delayMs, wake: resolve }
        sleepers.add(sleeper)
        signal.addEventListener('abort', () => resolve())
      }),
    moveTo: (toMs: number) => {
      nowMs = toMs
      for (const sleeper of sleepers) {
        if (sleeper.untilMs > nowMs) continue
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    },
  }
}

const start = (clock: ReturnType<typeof testClock>, tick = '*/10 * * * * *') =>
  startFunctionHost({
    appDirectory,
    environment: { TICK_SCHEDULE: tick, AzureWebJobsStorage: azurite.connectionString },
    log: () => undefined,
    nowMs: clock.nowMs,
    sleep: clock.sleep,
    readSchedule,
  })

const noon = Date.UTC(2026, 10, 21, 12, 0, 0)

describe('a timer trigger', () => {
  it('fires at each instant of the schedule that a setting names, one run at a time', async () => {
    const clock = testClock(noon + 1)
    const fired: number[] = []
    handlers().tick = () => fired.push(clock.nowMs() - noon)
    const host = await start(clock)
    clock.moveTo(noon + 9_999)
    expect(fired).toEqual([])
    for (const second of [10, 20, 30]) {
      await until(() => clock.sleepers() === 2)
      clock.moveTo(noon + second * 1_000)
      await until(() => fired.at(-1) === second * 1_000)
    }
    await host.stop()
    clock.moveTo(noon + 60_000)
    expect(fired).toEqual([10_000, 20_000, 30_000])
  })

  it('keeps the status of an hourly timer, and the next host fires what was missed, past due', async () => {
    const timers: Timer[] = []
    handlers().hourly = (timer) => timers.push(timer as Timer)
    const clock = testClock(noon + 1)
    const first = await start(clock)
    await until(() => clock.sleepers() === 2)
    clock.moveTo(noon + 3_600_000)
    await until(() => timers.length === 1)
    await first.stop()
    const second = await start(testClock(noon + 3 * 3_600_000 + 5_000))
    await until(() => timers.length === 2)
    await second.stop()
    expect(timers).toEqual([
      {
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: '0001-01-01T00:00:00+00:00',
          next: '2026-11-21T13:00:00+00:00',
          lastUpdated: '0001-01-01T00:00:00+00:00',
        },
        isPastDue: false,
      },
      {
        schedule: { adjustForDST: true },
        scheduleStatus: {
          last: '2026-11-21T13:00:00+00:00',
          next: '2026-11-21T14:00:00+00:00',
          lastUpdated: '2026-11-21T13:00:00+00:00',
        },
        isPastDue: true,
      },
    ])
    const hosts = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
      'azure-webjobs-hosts',
    )
    const status = await hosts.getBlobClient('timers/local/Host.Functions.hourly/status').downloadToBuffer()
    expect(JSON.parse(status.toString())).toEqual({
      Last: '2026-11-21T15:00:05+00:00',
      Next: '2026-11-21T16:00:00+00:00',
      LastUpdated: '2026-11-21T15:00:05+00:00',
    })
  })

  it('says which function has a schedule that cannot be read', async () => {
    await expect(start(testClock(noon), 'every minute')).rejects.toThrow(
      'The function "tick" has the schedule "every minute", which is not an NCRONTAB expression.',
    )
  })
})
