import { expect, test } from 'vitest'
import { sequenceNumbersOf, startedEmulator, startReading } from '../../../support/event-hub-clients.ts'
import { until } from '../../../support/until.ts'

test('a reader with a higher owner level takes the partition, and the one before it learns why', async () => {
  const emulator = await startedEmulator()
  const first = startReading(emulator.connectionString('risk'), { ownerLevel: 1 })
  await until(() => emulator.stats.readersOpen === 1)
  const second = startReading(emulator.connectionString('risk'), { ownerLevel: 2 })
  await until(() => first.errorCodes.length > 0)
  // The client asks again at once, and is refused again: how often by now is chance.
  expect(new Set(first.errorCodes)).toEqual(new Set(['ReceiverDisconnectedError']))
  expect(first.errorMessages[0]).toContain("higher epoch of '2'")

  emulator.publish('risk', [Buffer.from('x')], { partition: '0' })
  await until(() => second.events.length === 1)
  expect(first.events).toEqual([])
})

test('a reader with a lower owner level, or with none, is refused while one with a level reads', async () => {
  const emulator = await startedEmulator()
  startReading(emulator.connectionString('risk'), { ownerLevel: 2 })
  await until(() => emulator.stats.readersOpen === 1)
  const lower = startReading(emulator.connectionString('risk'), { ownerLevel: 1 })
  const none = startReading(emulator.connectionString('risk'))
  await until(() => lower.errorCodes.length > 0 && none.errorCodes.length > 0)
  expect([lower.errorCodes[0], none.errorCodes[0]]).toEqual([
    'ReceiverDisconnectedError',
    'ReceiverDisconnectedError',
  ])
  expect(emulator.stats.readersOpen).toBe(1)
})

test('a reader with an owner level puts out those that have none', async () => {
  const emulator = await startedEmulator()
  const shared = startReading(emulator.connectionString('risk'))
  await until(() => emulator.stats.readersOpen === 1)
  startReading(emulator.connectionString('risk'), { ownerLevel: 1 })
  await until(() => shared.errorCodes.length > 0)
  expect(shared.errorCodes[0]).toBe('ReceiverDisconnectedError')
})

test('an owner level is free again when its reader has closed', async () => {
  const emulator = await startedEmulator()
  const high = startReading(emulator.connectionString('risk'), { ownerLevel: 9 })
  await until(() => emulator.stats.readersOpen === 1)
  await high.close()
  await until(() => emulator.stats.readersOpen === 0)
  emulator.publish('risk', [Buffer.from('x')], { partition: '0' })
  const low = startReading(emulator.connectionString('risk'), { ownerLevel: 1 })
  await until(() => low.events.length === 1)
  expect(low.errorCodes).toEqual([])
})

test('five readers without owner level share a partition, a sixth is refused', async () => {
  const emulator = await startedEmulator()
  const readings = Array.from({ length: 5 }, () => startReading(emulator.connectionString('risk')))
  await until(() => emulator.stats.readersOpen === 5)
  const sixth = startReading(emulator.connectionString('risk'))
  await until(() => sixth.errorCodes.length > 0)
  expect(sixth.errorCodes[0]).toBe('QuotaExceededError')

  emulator.publish('risk', [Buffer.from('x')], { partition: '0' })
  await until(() => readings.every((reading) => reading.events.length === 1))
  expect(sixth.events).toEqual([])
})

test('consumer groups read for themselves, and one that was not declared does not exist', async () => {
  const emulator = await startedEmulator({
    hubs: [{ name: 'risk', partitions: 1, consumerGroups: ['export'] }],
  })
  emulator.publish('risk', [Buffer.from('x')])
  const connectionString = emulator.connectionString('risk')
  const byDefault = startReading(connectionString, { ownerLevel: 1 })
  const byExport = startReading(connectionString, { consumerGroup: 'export', ownerLevel: 1 })
  const byOther = startReading(connectionString, { consumerGroup: 'other' })
  await until(() => byDefault.events.length + byExport.events.length === 2)
  await until(() => byOther.errorCodes.length > 0)
  expect(byDefault.errorCodes).toEqual([])
  expect(byOther.errorCodes[0]).toBe('MessagingEntityNotFoundError')
})

test('a reader that asks for runtime metrics is told with each event where the partition ends', async () => {
  const emulator = await startedEmulator()
  emulator.publish('risk', [Buffer.from('a'), Buffer.from('b'), Buffer.from('c')], { partition: '0' })
  const reading = startReading(emulator.connectionString('risk'), {
    trackLastEnqueuedEventProperties: true,
    maxBatchSize: 1,
  })
  await until(() => reading.events.length === 3)
  expect(reading.lastEnqueued).toEqual([2, 2, 2])
  expect(reading.events.map((event) => Buffer.from(event.body).toString())).toEqual(['a', 'b', 'c'])
})

test('5,000 messages are delivered completely, in order and once', async () => {
  const emulator = await startedEmulator()
  const bodies = Array.from({ length: 5_000 }, (_, message) => Buffer.from(String(message)))
  emulator.publish('risk', bodies, { partition: '0' })
  const reading = startReading(emulator.connectionString('risk'), { maxBatchSize: 1000 })
  await until(() => reading.events.length >= bodies.length, 10_000)
  expect(sequenceNumbersOf(reading)).toEqual(bodies.map((_, message) => message))
  expect(emulator.stats.messagesDelivered).toBe(bodies.length)
})

test('large messages are delivered completely and in order', async () => {
  const emulator = await startedEmulator()
  for (let message = 0; message < 30; message += 1) {
    emulator.publish('risk', [Buffer.alloc(1_000_000, message)], { partition: '0' })
  }
  const reading = startReading(emulator.connectionString('risk'), { maxBatchSize: 30 })
  await until(() => reading.events.length === 30, 10_000)
  expect(reading.events.every((event, at) => Buffer.alloc(1_000_000, at).equals(event.body))).toBe(true)
})
