import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Stores, storesOf } from '../../local/checks/once/stores.ts'
import { hang, resetBeforeStoring } from '../../local/emulators/http/receiver-step.ts'
import { type SiemReceiver, startSiemReceiver } from '../../local/emulators/siem/siem-receiver.ts'
import { createLocalAuthority, type LocalAuthority } from '../../local/emulators/tls/local-authority.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { type App, createApp } from '../../shared/composition/create-app.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import { outboxPartitionOf } from '../../shared/delivery/outbox/outbox.ts'
import type { Time } from '../../shared/domain/time.ts'
import { appSettings } from '../support/app-settings.ts'
import { envelope, messageAt, riskRecord } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'
import { until } from '../support/until.ts'

/** The worker gives its hooks five seconds; we promise four. */
const PROMISED_MS = 4_000

let azurite: StorageAccount
let authority: LocalAuthority
let siem: SiemReceiver
let stores: Stores
beforeAll(async () => {
  ;[azurite, authority] = await Promise.all([storageAccount(), createLocalAuthority()])
  await createStorage(azurite.connectionString)
  stores = storesOf(azurite.connectionString, Date.now)
  const secrets = [`whsec_${Buffer.alloc(32).toString('base64')}`]
  siem = await startSiemReceiver({ authority, secrets, format: 'cloudevents', nowMs: Date.now })
})
afterAll(() => Promise.all([azurite.stop(), siem.stop()]))
beforeEach(() => siem.always(hang))

/** A process of the app that would wait long for its one sink. */
const startApp = (time: Time = systemTime): App =>
  createApp({
    settings: readSettings({
      ...appSettings(azurite, siem.url),
      WEBHOOK_CA_PEM: authority.caPem,
      DELIVERY_TIMEOUT_MS: '10000',
      REDELIVERY_BUDGET_MS: '120000',
    }),
    log: () => undefined,
    time,
    newId: () => 'token',
    failpoint: noFailpoint,
  })

const batchOf = (partition: string, n = 1) => ({
  messages: [messageAt(n, envelope(riskRecord(n)), partition)],
  withoutPosition: [],
})
const pendingAt = async (partition: string): Promise<number> =>
  (await stores.outbox.pendingPartitions())
    .filter(({ outboxPartition }) => outboxPartition.partition === partition)
    .reduce((sum, { events }) => sum + events, 0)

/** What is under way, and whether it has ended. */
function watched(work: Promise<void>): { readonly work: Promise<void>; hasEnded: boolean } {
  const state = { work, hasEnded: false }
  void work.then(() => {
    state.hasEnded = true
  })
  return state
}
const write = (): void => undefined

/** Work that hangs at the sink while the app is told to stop; how long the stop took. */
async function stopDuring(app: App, start: () => Promise<void>) {
  const before = siem.requests()
  const under = watched(start())
  await until(() => siem.requests() > before, 10_000)
  const startedMs = performance.now()
  await app.stop()
  return { ...under, hasEnded: under.hasEnded, tookMs: performance.now() - startedMs }
}

describe('an app that is told to stop', () => {
  it('has what was on its way to a sink in the outbox within 4 s, before it says that it has stopped', async () => {
    const app = startApp()
    const { hasEnded, tookMs } = await stopDuring(app, () => app.ingest(batchOf('0'), 0, write))
    expect(await pendingAt('0')).toBe(1)
    expect(hasEnded).toBe(true)
    expect(tookMs).toBeLessThan(PROMISED_MS)
  })

  it('ends a redelivery likewise: what it has not delivered stays pending, and the lease is free for others', async () => {
    siem.always(resetBeforeStoring)
    await startApp().ingest(batchOf('1'), 0, write)
    siem.always(hang)
    const app = startApp()
    const outboxPartition = outboxPartitionOf('webhook', messageAt(1, '', '1').position)
    const { hasEnded, tookMs } = await stopDuring(app, () => app.redeliver(outboxPartition, write))
    expect(hasEnded).toBe(true)
    expect(tookMs).toBeLessThan(PROMISED_MS)
    expect(await pendingAt('1')).toBe(1)
    siem.always(undefined)
    const next = startApp()
    await until(async () => {
      await next.redeliver(outboxPartition, write)
      return (await pendingAt('1')) === 0
    }, 15_000)
  }, 30_000)

  it('has pending at once what still comes after', async () => {
    const app = startApp()
    await app.stop()
    const startedMs = performance.now()
    await app.ingest(batchOf('2'), 0, write)
    expect(performance.now() - startedMs).toBeLessThan(PROMISED_MS)
    expect(await pendingAt('2')).toBe(1)
  })

  it('waits no longer than 4 s for a storage that has fallen silent', async () => {
    const waits: number[] = []
    let over = (): void => undefined
    const app = startApp({
      ...systemTime,
      sleep: (ms, signal) => {
        waits.push(ms)
        return ms === PROMISED_MS ? new Promise((resolve) => (over = resolve)) : systemTime.sleep(ms, signal)
      },
    })
    await azurite.pause()
    const under = watched(app.ingest(batchOf('3'), 0, write))
    const stopping = watched(app.stop())
    await until(() => waits.includes(PROMISED_MS))
    expect(stopping.hasEnded).toBe(false)
    over()
    await stopping.work
    expect(under.hasEnded).toBe(false)
    await azurite.resume()
    await under.work
  }, 30_000)
})
