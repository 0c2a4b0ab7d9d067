import { randomBytes } from 'node:crypto'
import { EventHubBufferedProducerClient } from '@azure/event-hubs'
import { expect, test } from 'vitest'
import {
  producerFor,
  quickRetries,
  startedEmulator,
  startReading,
  textsIn,
} from '../../../support/event-hub-clients.ts'
import { until } from '../../../support/until.ts'

test('a batch arrives whole and in order, each body to the byte', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  const bodies = [
    Buffer.from([0xff, 0xfe, 0x00]),
    randomBytes(300),
    Buffer.alloc(0),
    Buffer.from('{"a": 1}\r\n'),
  ]
  const batch = await producer.createBatch({ partitionId: '1' })
  for (const body of bodies) expect(batch.tryAdd({ body })).toBe(true)
  await producer.sendBatch(batch)

  const stored = [...emulator.messages('risk')]
  expect(stored.map((message) => Buffer.from(message.body))).toEqual(bodies)
  expect(stored.map((message) => [message.partition, message.sequenceNumber])).toEqual([
    ['1', 0],
    ['1', 1],
    ['1', 2],
    ['1', 3],
  ])
  const reading = startReading(emulator.connectionString('risk'), { partition: '1' })
  await until(() => reading.events.length === 4)
  expect(reading.events.map((event) => Buffer.from(event.body))).toEqual(bodies)
})

test('properties, content type, message id and correlation id come back as they were sent', async () => {
  const emulator = await startedEmulator()
  const properties = { text: 'v', whole: 5, big: 9_007_199_254_740_991, negative: -3, half: 0.5, yes: true }
  await producerFor(emulator.connectionString('risk')).sendBatch(
    [{ body: 'x', properties, contentType: 'application/json', messageId: 'm1', correlationId: 'c1' }],
    { partitionId: '0' },
  )
  const reading = startReading(emulator.connectionString('risk'))
  await until(() => reading.events.length === 1)
  expect(reading.events[0]).toMatchObject({
    properties,
    contentType: 'application/json',
    messageId: 'm1',
    correlationId: 'c1',
  })
})

test('JSON and text bodies are stored as the client encodes them', async () => {
  const emulator = await startedEmulator()
  await producerFor(emulator.connectionString('risk')).sendBatch([{ body: { a: 1 } }, { body: 'plain' }], {
    partitionId: '0',
  })
  expect(textsIn(emulator)).toEqual(['{"a":1}', '"plain"'])
})

test('values and sequences as bodies come back as they were sent', async () => {
  const emulator = await startedEmulator()
  await producerFor(emulator.connectionString('risk')).sendBatch(
    [
      { body: 'text', bodyType: 'value' },
      { body: [[1, 'two']], bodyType: 'sequence' },
    ],
    { partitionId: '0' },
  )
  const reading = startReading(emulator.connectionString('risk'))
  await until(() => reading.events.length === 2)
  expect(reading.events.map((event) => event.body)).toEqual(['text', [[1, 'two']]])
  expect(textsIn(emulator)[0]).toBe('text')
})

test('one partition key stays in one partition and comes back on the event', async () => {
  const emulator = await startedEmulator({ hubs: [{ name: 'risk', partitions: 8 }] })
  const producer = producerFor(emulator.connectionString('risk'))
  for (const key of ['tenant-1', 'tenant-2', 'tenant-1']) {
    await producer.sendBatch([{ body: Buffer.from(key) }], { partitionKey: key })
  }
  const partitionsOf = (key: string): Set<string> =>
    new Set(
      [...emulator.messages('risk')]
        .filter((message) => Buffer.from(message.body).toString() === key)
        .map((message) => message.partition),
    )
  expect(partitionsOf('tenant-1').size).toBe(1)
  const [partition = ''] = partitionsOf('tenant-2')
  const reading = startReading(emulator.connectionString('risk'), { partition })
  await until(() => reading.events.length > 0)
  expect(reading.events.at(-1)?.partitionKey).toMatch(/^tenant-/)
})

test('sends that name neither partition nor key spread over the partitions', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  for (let send = 0; send < 4; send += 1) await producer.sendBatch([{ body: Buffer.from('x') }])
  expect(emulator.partitionState('risk').map((state) => state.lastSequenceNumber)).toEqual([1, 1])
})

test('the buffered producer works', async () => {
  const emulator = await startedEmulator()
  const sendErrors: Error[] = []
  const producer = new EventHubBufferedProducerClient(emulator.connectionString('risk'), {
    retryOptions: quickRetries,
    maxWaitTimeInMs: 50,
    onSendEventsErrorHandler: ({ error }) => {
      sendErrors.push(error)
    },
  })
  for (let event = 0; event < 20; event += 1) await producer.enqueueEvent({ body: `event ${event}` })
  await producer.close({ flush: true })
  expect(sendErrors).toEqual([])
  expect(textsIn(emulator)).toHaveLength(20)
})

test('one megabyte in one send is taken', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  const batch = await producer.createBatch({ partitionId: '0' })
  expect(batch.maxSizeInBytes).toBe(1024 * 1024)
  const body = randomBytes(1024 * 1024 - 200)
  expect(batch.tryAdd({ body })).toBe(true)
  await producer.sendBatch(batch)

  const reading = startReading(emulator.connectionString('risk'))
  await until(() => reading.events.length === 1)
  expect(body.equals(reading.events[0]?.body)).toBe(true)
})

test('more than one megabyte in one send is refused and nothing of it is stored', async () => {
  const emulator = await startedEmulator()
  const producer = producerFor(emulator.connectionString('risk'))
  const half = Buffer.alloc(600 * 1024)
  await expect(
    producer.sendBatch([{ body: half }, { body: half }], { partitionId: '0' }),
  ).rejects.toMatchObject({
    code: 'MessageTooLargeError',
  })
  expect(textsIn(emulator)).toEqual([])
  expect(emulator.stats.sendsRefused).toBe(1)
})

test('a hub or a partition that does not exist is refused', async () => {
  const emulator = await startedEmulator()
  const elsewhere = emulator.connectionString('risk').replace('EntityPath=risk', 'EntityPath=other')
  await expect(producerFor(elsewhere).sendBatch([{ body: 'x' }])).rejects.toMatchObject({
    code: 'MessagingEntityNotFoundError',
  })
  await expect(
    producerFor(emulator.connectionString('risk')).sendBatch([{ body: 'x' }], { partitionId: '7' }),
  ).rejects.toMatchObject({ code: 'ArgumentOutOfRangeError' })
})
