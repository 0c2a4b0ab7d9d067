import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EventHubEmulator, startEventHubEmulator } from '../../local/emulators/event-hubs/emulator.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { createApp } from '../../shared/composition/create-app.ts'
import { programSha256 } from '../../shared/composition/program-digest.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import { appSettings } from '../support/app-settings.ts'
import { HUB } from '../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

let azurite: StorageAccount
let hub: EventHubEmulator
beforeAll(async () => {
  ;[azurite, hub] = await Promise.all([
    storageAccount(),
    startEventHubEmulator({ hubs: [{ name: HUB, partitions: 1 }], nowMs: Date.now }),
  ])
  await createStorage(azurite.connectionString)
})
afterAll(() => Promise.all([azurite.stop(), hub.stop()]))

it('heartbeats of which the host does not say when the last one was follow each other without overlap or gap', async () => {
  let nowMs = Date.UTC(2026, 2, 1, 9)
  const app = createApp({
    settings: readSettings({
      ...appSettings(azurite, 'https://localhost:9/hooks'),
      EVENT_HUB_NAME: HUB,
      EventHub: hub.connectionString(HUB),
    }),
    log: () => undefined,
    time: { ...systemTime, now: () => nowMs },
    newId: () => 'token',
    failpoint: noFailpoint,
  })
  for (const step of [0, 10_000, 20_000]) {
    nowMs += step
    await app.heartbeat(undefined)
  }
  nowMs += 60_000
  await app.heartbeat(nowMs - 50_000)
  const healths = [...hub.messages(HUB)].map(
    ({ body }) => JSON.parse(String(body)).records[0].properties.health,
  )
  const program = await programSha256()
  expect(healths.map((health) => health.programSha256)).toEqual([program, program, program, program])
  expect(healths.map((health) => health.since)).toEqual([
    // The first one of a process knows of none before it.
    '2026-03-01T08:55:00.000Z',
    '2026-03-01T09:00:00.000Z',
    '2026-03-01T09:00:10.000Z',
    // What the host says counts more.
    '2026-03-01T09:00:40.000Z',
  ])
})
