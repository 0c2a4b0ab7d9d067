import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStorage } from '../../../local/stack/create-storage.ts'
import { createApp } from '../../../shared/composition/create-app.ts'
import { systemTime } from '../../../shared/composition/system-time.ts'
import { readSettings } from '../../../shared/config/parse-settings.ts'
import { noFailpoint } from '../../../shared/delivery/failpoint.ts'
import { WAKE_UP_QUEUE } from '../../../shared/delivery/outbox/wake-up-queue.ts'
import { appSettings } from '../../support/app-settings.ts'
import { envelope, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
  await createStorage(azurite.connectionString)
})
afterAll(() => azurite.stop())

it('an app that has pending chunk after chunk wake-ups twice for all of them that fall in a second', async () => {
  const lines: string[] = []
  const startedMs = systemTime.monotonicMs()
  const app = createApp({
    // Nobody listens there.
    settings: readSettings(appSettings(azurite, 'https://localhost:1/hooks')),
    log: () => undefined,
    // All of it happens in one instant, however slow the machine is.
    time: {
      ...systemTime,
      now: () => Date.UTC(2026, 2, 1, 10),
      monotonicMs: () => startedMs,
      sleep: async () => undefined,
    },
    newId: () => 'token',
    failpoint: noFailpoint,
  })
  for (let n = 0; n < 5; n++)
    await app.ingest(
      { messages: [messageAt(n, envelope(riskRecord(n)))], withoutPosition: [] },
      0,
      (_, line) => lines.push(line),
    )

  expect(lines.filter((line) => line.includes('webhook pending=1'))).toHaveLength(5)
  const queue = new QueueClient(azurite.connectionString, WAKE_UP_QUEUE)
  expect((await queue.getProperties()).approximateMessagesCount).toBe(2)
})
