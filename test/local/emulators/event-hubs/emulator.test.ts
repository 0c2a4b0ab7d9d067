import { expect, test } from 'vitest'
import { startEventHubEmulator } from '../../../../local/emulators/event-hubs/emulator.ts'
import { startedEmulator, textsIn } from '../../../support/event-hub-clients.ts'
import { putToken, rawConnection, sasToken } from '../../../support/raw-amqp-client.ts'
import { until } from '../../../support/until.ts'

test('publish says where each message went, and messages gives it back', async () => {
  const atMs = Date.UTC(2026, 0, 1)
  const emulator = await startedEmulator({ nowMs: () => atMs })
  const positions = emulator.publish('RISK', [Buffer.from('a'), Buffer.from('b')], { partition: '1' })
  expect(positions).toMatchObject([
    { partition: '1', sequenceNumber: 0, offset: '0', enqueuedAtMs: atMs },
    { partition: '1', sequenceNumber: 1, enqueuedAtMs: atMs },
  ])
  expect([...emulator.messages('risk')]).toEqual([
    { ...positions[0], body: Buffer.from('a') },
    { ...positions[1], body: Buffer.from('b') },
  ])
  expect(emulator.stats.messagesStored).toBe(2)
})

test('publish with one key stays in one partition, without key or partition it takes turns', async () => {
  const emulator = await startedEmulator({ hubs: [{ name: 'risk', partitions: 4 }] })
  const partitionOf = (to: { partitionKey?: string }): string | undefined =>
    emulator.publish('risk', [Buffer.from('x')], to)[0]?.partition
  expect(new Set([1, 2, 3].map(() => partitionOf({ partitionKey: 'k' }))).size).toBe(1)
  expect(new Set([1, 2, 3, 4].map(() => partitionOf({}))).size).toBe(4)
})

test('publish refuses what no hub would take', async () => {
  const emulator = await startedEmulator()
  expect(() => emulator.publish('risk', [Buffer.alloc(1024 * 1024)])).toThrow(/exceeds the limit of 1048576/)
  expect(() => emulator.publish('risk', [Buffer.from('x')], { partition: '9' })).toThrow(/no partition '9'/)
  expect(() => emulator.publish('other', [])).toThrow(/no hub 'other'; it has: risk/)
  expect(textsIn(emulator)).toEqual([])
})

test.each([
  ['a name with a slash', { name: '../x', partitions: 1 }],
  ['no partitions', { name: 'x', partitions: 0 }],
  ['half a partition', { name: 'x', partitions: 1.5 }],
])('%s is refused at the start', async (_, hub) => {
  await expect(startedEmulator({ hubs: [hub] })).rejects.toThrow(/is not a valid event hub name|cannot have/)
})

test('it is reached on the loopback address only', async () => {
  const emulator = await startedEmulator()
  expect(emulator.connectionString('risk')).toBe(
    `Endpoint=sb://localhost:${emulator.port}/;SharedAccessKeyName=RootManageSharedAccessKey;` +
      'SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;EntityPath=risk',
  )
  await expect(rawConnection(emulator.port, '127.0.0.2')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a stopped emulator leaves no timer and no socket behind', async () => {
  const before = activeResources()
  const emulator = await startEventHubEmulator({
    hubs: [{ name: 'risk', partitions: 1 }],
    nowMs: () => Date.now(),
  })
  const connection = await rawConnection(emulator.port)
  await putToken(connection, sasToken({ audience: 'sb://localhost' }), 'sb://localhost')
  const reader = connection.open_receiver({
    source: { address: 'risk/ConsumerGroups/$Default/Partitions/0' },
    credit_window: 10,
  })
  await until(() => emulator.stats.readersOpen === 1)
  for (let message = 0; message < 50; message += 1) emulator.publish('risk', [Buffer.from('x')])
  await until(() => emulator.stats.messagesDelivered > 10)
  reader.removeAllListeners()
  expect(activeResources()).toBeGreaterThan(before)
  await emulator.stop()
  await until(() => activeResources() <= before)
  expect(emulator.stats).toMatchObject({ connectionsOpen: 0, readersOpen: 0 })
})

/** How many timers and sockets hold this process. */
function activeResources(): number {
  return process.getActiveResourcesInfo().filter((kind) => /Timeout|TCP/.test(kind)).length
}
