import { connect } from 'node:net'
import rhea, { type Connection } from 'rhea'
import { expect, test } from 'vitest'
import type { EventHubEmulator } from '../../../../local/emulators/event-hubs/emulator.ts'
import { producerFor, startedEmulator, startReading, textsIn } from '../../../support/event-hub-clients.ts'
import { putToken, rawConnection, sasToken, sendRaw } from '../../../support/raw-amqp-client.ts'
import { until } from '../../../support/until.ts'

const batchFormat = 0x80013700
const { message: codec, types } = rhea

async function openedFor(emulator: EventHubEmulator): Promise<Connection> {
  const connection = await rawConnection(emulator.port)
  expect(await putToken(connection, sasToken({ audience: 'sb://localhost' }), 'sb://localhost')).toBe(202)
  return connection
}

test('a message that is sent by itself, not in a batch, is stored with body, properties and key', async () => {
  const emulator = await startedEmulator()
  const body = Buffer.from([0, 1, 2, 0xff])
  const outcome = await sendRaw(await openedFor(emulator), 'risk/Partitions/0', {
    body: codec.data_section(body),
    application_properties: { kept: 'yes' },
    message_annotations: { 'x-opt-partition-key': 'key', 'x-own': types.wrap_long(7) },
  })
  expect(outcome).toBe('accepted')
  const reading = startReading(emulator.connectionString('risk'))
  await until(() => reading.events.length === 1)
  expect(reading.events[0]).toMatchObject({ properties: { kept: 'yes' }, partitionKey: 'key' })
  expect(body.equals(reading.events[0]?.body)).toBe(true)
  expect(reading.events[0]?.getRawAmqpMessage().messageAnnotations).toMatchObject({ 'x-own': 7 })
})

test('a sender cannot say where its message stands', async () => {
  const emulator = await startedEmulator()
  await sendRaw(await openedFor(emulator), 'risk/Partitions/0', {
    body: codec.data_section(Buffer.from('x')),
    message_annotations: { 'x-opt-sequence-number': types.wrap_long(99), 'x-opt-offset': '99' },
  })
  const reading = startReading(emulator.connectionString('risk'))
  await until(() => reading.events.length === 1)
  expect(reading.events[0]).toMatchObject({ sequenceNumber: 0, offset: '0' })
})

test('an empty batch is taken and stores nothing', async () => {
  const emulator = await startedEmulator()
  const empty = codec.encode({ body: codec.data_sections([]) })
  expect(await sendRaw(await openedFor(emulator), 'risk', empty, batchFormat)).toBe('accepted')
  expect(emulator.stats.messagesStored).toBe(0)
})

test.each<[string, Buffer]>([
  ['whose envelope is noise', Buffer.from('no message')],
  ['that holds noise', codec.encode({ body: codec.data_section(Buffer.from('no message')) })],
  [
    'that holds half a message',
    codec.encode({ body: codec.data_section(codec.encode({ body: 'x' }).subarray(0, 9)) }),
  ],
])('a batch %s is refused whole', async (_, bytes) => {
  const emulator = await startedEmulator()
  expect(await sendRaw(await openedFor(emulator), 'risk', bytes, batchFormat)).toBe('amqp:decode-error')
  expect(textsIn(emulator)).toEqual([])
})

test.each<[string, Buffer]>([
  ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  [
    'an AMQP header with noise behind it',
    Buffer.concat([Buffer.from('AMQP\0\x01\0\0'), Buffer.alloc(64, 0xff)]),
  ],
  [
    'a frame that cannot be read',
    Buffer.concat([Buffer.from('AMQP\0\x01\0\0'), Buffer.from('0000000c02000000005310c0', 'hex')]),
  ],
])('%s on the port ends that connection and troubles no other', async (_, bytes) => {
  const emulator = await startedEmulator()
  const socket = connect(emulator.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  socket.end(bytes)
  await until(() => socket.destroyed)
  const producer = producerFor(emulator.connectionString('risk'))
  await producer.sendBatch([{ body: Buffer.from('still there') }])
  expect(textsIn(emulator)).toEqual(['still there'])
})
