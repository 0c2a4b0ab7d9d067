import { expect, test } from 'vitest'
import { producerFor, startedEmulator } from '../../../support/event-hub-clients.ts'

const atMs = Date.UTC(2026, 0, 1, 12)

test('a hub tells its name, its partitions and when it was made', async () => {
  const emulator = await startedEmulator({ hubs: [{ name: 'Risk', partitions: 3 }], nowMs: () => atMs })
  const properties = await producerFor(emulator.connectionString('risk')).getEventHubProperties()
  expect(properties).toMatchObject({
    name: 'Risk',
    partitionIds: ['0', '1', '2'],
    createdOn: new Date(atMs),
  })
})

test('a partition tells where it begins and ends', async () => {
  const emulator = await startedEmulator({ nowMs: () => atMs })
  const [, last] = emulator.publish('risk', [Buffer.from('a'), Buffer.from('b')], { partition: '1' })
  const producer = producerFor(emulator.connectionString('risk'))
  expect(await producer.getPartitionProperties('1')).toMatchObject({
    eventHubName: 'risk',
    partitionId: '1',
    beginningSequenceNumber: 0,
    lastEnqueuedSequenceNumber: 1,
    lastEnqueuedOffset: last?.offset,
    lastEnqueuedOnUtc: new Date(atMs),
    isEmpty: false,
  })
  expect(await producer.getPartitionProperties('0')).toMatchObject({
    lastEnqueuedSequenceNumber: -1,
    lastEnqueuedOffset: '-1',
    isEmpty: true,
  })
})

test('a partition that does not exist is refused', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  await expect(producer.getPartitionProperties('2')).rejects.toMatchObject({
    code: 'ArgumentOutOfRangeError',
  })
})
