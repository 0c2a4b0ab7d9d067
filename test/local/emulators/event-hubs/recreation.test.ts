import { type CheckpointStore, latestEventPosition } from '@azure/event-hubs'
import { expect, test } from 'vitest'
import {
  consumerFor,
  producerFor,
  sequenceNumbersOf,
  startedEmulator,
  startReading,
  textsIn,
} from '../../../support/event-hub-clients.ts'
import { until } from '../../../support/until.ts'

const bodies = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) => Buffer.from(`message ${at}`))

test('a hub that is made again starts its sequence numbers and offsets anew, and its times go on', async () => {
  const atMs = Date.UTC(2026, 0, 1)
  const emulator = await startedEmulator({ nowMs: () => atMs })
  const old = emulator.publish('risk', bodies(3), { partition: '0' })
  emulator.recreateHub('risk')
  expect(textsIn(emulator)).toEqual([])
  expect(emulator.partitionState('risk')[0]).toMatchObject({
    lastSequenceNumber: -1,
    lastOffset: '-1',
    isEmpty: true,
  })
  const [first] = emulator.publish('risk', bodies(1), { partition: '0' })
  expect(first).toMatchObject({ sequenceNumber: 0, offset: '0' })
  expect(first?.enqueuedAtMs).toBeGreaterThan(old.at(-1)?.enqueuedAtMs ?? Number.POSITIVE_INFINITY)
  emulator.recreateHub('risk')
  const [again] = emulator.publish('risk', bodies(1), { partition: '1' })
  expect(again?.enqueuedAtMs).toBeGreaterThan(first?.enqueuedAtMs ?? Number.POSITIVE_INFINITY)
})

test('readers of the hub are put out when it is made again, those of other hubs stay', async () => {
  const hubs = [
    { name: 'risk', partitions: 1 },
    { name: 'other', partitions: 1 },
  ]
  const emulator = await startedEmulator({ hubs })
  const reading = startReading(emulator.connectionString('risk'), { from: latestEventPosition })
  const elsewhere = startReading(emulator.connectionString('other'))
  await until(() => emulator.stats.readersOpen === 2)
  emulator.recreateHub('risk')
  await until(() => reading.errorCodes.length > 0)
  expect(reading.errorCodes[0]).toBe('MessagingEntityNotFoundError')
  emulator.publish('other', bodies(1))
  await until(() => elsewhere.events.length === 1)
  expect(elsewhere.errorCodes).toEqual([])
})

test('a producer goes on sending to the hub that is made again', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  await producer.sendBatch([{ body: Buffer.from('old') }], { partitionId: '0' })
  emulator.recreateHub('risk')
  await producer.sendBatch([{ body: Buffer.from('new') }], { partitionId: '0' })
  expect(textsIn(emulator)).toEqual(['new'])
})

test.each([
  [
    'an offset',
    { offset: '5000' },
    "The supplied offset '5000' is invalid. The last offset in the system is '-1'",
  ],
  ['an inclusive offset', { offset: '0', isInclusive: true }, "The last offset in the system is '-1'"],
  ['a sequence number', { sequenceNumber: 7 }, "The supplied sequence number '7' is invalid."],
  [
    'an inclusive sequence number',
    { sequenceNumber: 0, isInclusive: true },
    "The last sequence number in the system is '-1'",
  ],
])('%s beyond the end of the hub is refused, and the consumer is told', async (_, from, text) => {
  const emulator = await startedEmulator()
  emulator.publish('risk', bodies(3), { partition: '0' })
  emulator.recreateHub('risk')
  const reading = startReading(emulator.connectionString('risk'), { from })
  await until(() => reading.errorCodes.length > 0)
  // The client asks again at once, and is refused again: how often by now is chance.
  expect(new Set(reading.errorCodes)).toEqual(new Set(['ArgumentError']))
  expect(reading.errorMessages[0]).toContain(text)
  expect(emulator.stats.readersOpen).toBe(0)
})

test('an offset within the hub is taken, also where no message starts', async () => {
  const emulator = await startedEmulator()
  emulator.publish('risk', bodies(3), { partition: '0' })
  const reading = startReading(emulator.connectionString('risk'), { from: { offset: '1' } })
  await until(() => reading.events.length === 2)
  expect(sequenceNumbersOf(reading)).toEqual([1, 2])
})

test('a consumer with a checkpoint from before the re-creation is told so again and again, and loses nothing unseen', async () => {
  const emulator = await startedEmulator({ hubs: [{ name: 'risk', partitions: 1 }] })
  emulator.publish('risk', bodies(20))
  const [stale] = [...emulator.messages('risk')].slice(-1)
  emulator.recreateHub('risk')
  emulator.publish('risk', bodies(2))
  const errors: string[] = []
  const received: unknown[] = []
  const subscription = consumerFor(emulator.connectionString('risk'), '$Default', {
    ...emptyStore,
    listCheckpoints: () =>
      Promise.resolve([
        {
          fullyQualifiedNamespace: 'localhost',
          eventHubName: 'risk',
          consumerGroup: '$Default',
          partitionId: '0',
          sequenceNumber: stale?.sequenceNumber ?? 0,
          offset: stale?.offset ?? '',
        },
      ]),
  }).subscribe({
    processEvents: (events) => {
      received.push(...events)
      return Promise.resolve()
    },
    processError: (error) => {
      errors.push(error.message)
      return Promise.resolve()
    },
  })
  await until(() => errors.length >= 2)
  await subscription.close()
  expect(errors.every((error) => error.includes('is invalid. The last offset in the system is'))).toBe(true)
  expect(received).toEqual([])
})

const emptyStore: CheckpointStore = {
  listOwnership: () => Promise.resolve([]),
  claimOwnership: (ownerships) => Promise.resolve(ownerships.map((one) => ({ ...one, etag: 'x' }))),
  updateCheckpoint: () => Promise.resolve(),
  listCheckpoints: () => Promise.resolve([]),
}
