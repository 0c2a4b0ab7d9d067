import Agent from 'undici/lib/dispatcher/agent.js'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { recordText } from '../../local/checks/chaos/records.ts'
import { createStorage } from '../../local/stack/create-storage.ts'
import { createApp } from '../../shared/composition/create-app.ts'
import { systemTime } from '../../shared/composition/system-time.ts'
import { readSettings } from '../../shared/config/parse-settings.ts'
import { noFailpoint } from '../../shared/delivery/failpoint.ts'
import { parseTrigger } from '../../shared/source/parse-trigger.ts'
import { appSettings } from '../support/app-settings.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

/** From the function's handler to what hands a request to the HTTP client, both included. */
const MAX_FRAMES = 11

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
  await createStorage(azurite.connectionString)
})
afterAll(() => azurite.stop())

it('a request is few frames away from the trigger', async () => {
  const stacks: string[] = []
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 50
  onTestFinished(() => {
    Error.stackTraceLimit = stackTraceLimit
  })
  vi.spyOn(Agent.prototype, 'dispatch').mockImplementation(() => {
    stacks.push(new Error('here').stack ?? '')
    throw Object.assign(new Error('not connected'), { code: 'ECONNREFUSED' })
  })
  const app = createApp({
    settings: readSettings({
      ...appSettings(azurite, 'https://localhost:9/hooks'),
      DELIVERY_TIMEOUT_MS: '100',
    }),
    log: () => undefined,
    time: systemTime,
    newId: () => 'token',
    failpoint: noFailpoint,
  })
  const batch = parseTrigger([Buffer.from(recordText(1))], {
    partitionContext: { fullyQualifiedNamespace: 'n', eventHubName: 'h', partitionId: '0' },
    sequenceNumberArray: [1],
    enqueuedTimeUtcArray: ['2026-03-01T09:00:01'],
    systemPropertiesArray: [{ offset: '1' }],
  })
  await app.ingest(batch, 0, () => undefined)
  const [stack = ''] = stacks
  const ours = stack.split('\n').filter((line) => line.includes('/shared/'))
  // The handler itself returns the app's promise: it is on no stack.
  const frames = ours.length + 1
  expect(frames, stack).toBeLessThanOrEqual(MAX_FRAMES)
  expect(stack, 'the stack is whole').toContain('create-app.ts')
})
