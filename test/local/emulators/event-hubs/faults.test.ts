import { expect, test } from 'vitest'
import {
  producerFor,
  quickRetries,
  sequenceNumbersOf,
  startedEmulator,
  startReading,
  textsIn,
} from '../../../support/event-hub-clients.ts'
import { loopMs } from '../../../support/loop-time.ts'
import { until } from '../../../support/until.ts'

test('a sender that is told the server is busy tries again and gets through', async () => {
  const emulator = await startedEmulator()
  emulator.faults.rejectNextSends(2)
  await producerFor(emulator.connectionString('risk')).sendBatch([{ body: Buffer.from('x') }])
  expect(emulator.stats.sendsRefused).toBe(2)
  expect(textsIn(emulator)).toEqual(['x'])
})

test('a refusal that lasts, or of a kind that is not to be tried again, reaches the caller', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'), { ...quickRetries, maxRetries: 1 })
  emulator.faults.rejectNextSends(2)
  await expect(producer.sendBatch([{ body: 'x' }])).rejects.toMatchObject({ name: 'AggregateError' })
  emulator.faults.rejectNextSends(1, 'amqp:not-allowed')
  await expect(producer.sendBatch([{ body: 'x' }])).rejects.toMatchObject({ code: 'InvalidOperationError' })
  emulator.faults.rejectNextSends(100)
  emulator.faults.clear()
  await producer.sendBatch([{ body: Buffer.from('x') }])
  expect(textsIn(emulator)).toEqual(['x'])
})

test('a send that is refused does not refuse those that came along with it', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'), { ...quickRetries, maxRetries: 0 })
  await producer.sendBatch([{ body: Buffer.from('connects') }])
  emulator.faults.rejectSendsOf('bad', 'amqp:not-allowed')
  const bodies = ['a', 'bad', 'b', 'c', 'bad', 'd']
  const sends = bodies.map((body) => producer.sendBatch([{ body: Buffer.from(body) }]))
  const results = await Promise.allSettled(sends)
  expect(bodies.filter((_, n) => results[n]?.status === 'fulfilled')).toEqual(['a', 'b', 'c', 'd'])
  expect(textsIn(emulator).toSorted()).toEqual(['a', 'b', 'c', 'connects', 'd'])
})

test('sender and reader go on after all connections are dropped, and nothing is lost or repeated', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  const reading = startReading(emulator.connectionString('risk'))
  await producer.sendBatch([{ body: Buffer.from('a') }], { partitionId: '0' })
  await until(() => reading.events.length === 1)
  emulator.dropConnections()
  await producer.sendBatch([{ body: Buffer.from('b') }], { partitionId: '0' })
  await until(() => reading.events.length === 2)
  expect(sequenceNumbersOf(reading)).toEqual([0, 1])
  expect(emulator.stats.connectionsAccepted).toBeGreaterThanOrEqual(4)
})

test('a reader whose link is detached opens it again where it was', async () => {
  const emulator = await startedEmulator()
  const reading = startReading(emulator.connectionString('risk'))
  emulator.publish('risk', [Buffer.from('a')], { partition: '0' })
  await until(() => reading.events.length === 1)
  emulator.faults.detachReaders()
  expect(emulator.stats.readersOpen).toBe(0)
  emulator.publish('risk', [Buffer.from('b')], { partition: '0' })
  await until(() => reading.events.length === 2)
  expect(sequenceNumbersOf(reading)).toEqual([0, 1])
})

test('while the emulator hangs nothing is answered or delivered; afterwards all of it is', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'), {
    ...quickRetries,
    maxRetries: 0,
    timeoutInMs: 300,
  })
  const reading = startReading(emulator.connectionString('risk'))
  await producer.sendBatch([{ body: Buffer.from('a') }], { partitionId: '0' })
  await until(() => reading.events.length === 1)
  emulator.faults.hang()
  emulator.publish('risk', [Buffer.from('b')], { partition: '0' })
  await expect(producer.sendBatch([{ body: Buffer.from('c') }], { partitionId: '0' })).rejects.toMatchObject({
    code: 'OperationTimeoutError',
  })
  expect(sequenceNumbersOf(reading)).toEqual([0])
  emulator.faults.resume()
  await until(() => reading.events.length >= 2)
  expect(sequenceNumbersOf(reading).slice(0, 2)).toEqual([0, 1])
})

test('a send whose acknowledgement is lost is stored, and stored again when the sender repeats it', async () => {
  const emulator = await startedEmulator()
  emulator.faults.loseNextAcknowledgements(1)
  await producerFor(emulator.connectionString('risk')).sendBatch([{ body: Buffer.from('x') }], {
    partitionId: '0',
  })
  expect(textsIn(emulator)).toEqual(['x', 'x'])
})

test('stopping frees the port at once, drops every client and can be done twice', async () => {
  const emulator = await startedEmulator()
  startReading(emulator.connectionString('risk'))
  await until(() => emulator.stats.readersOpen === 1)
  const tookMs = await loopMs(async () => {
    await emulator.stop()
    await emulator.stop()
  })
  expect(tookMs).toBeLessThan(500)
  expect(emulator.stats).toMatchObject({ connectionsOpen: 0, readersOpen: 0 })
  const next = await startedEmulator({ port: emulator.port })
  await until(() => next.stats.readersOpen === 1)
})

test('a port that is taken is an error at the start', async () => {
  const emulator = await startedEmulator()
  await expect(startedEmulator({ port: emulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
