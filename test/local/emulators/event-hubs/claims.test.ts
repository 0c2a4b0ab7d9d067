import { expect, test } from 'vitest'
import { producerFor, startedEmulator, startReading } from '../../../support/event-hub-clients.ts'
import { putToken, rawConnection, request, sasToken, sendRaw } from '../../../support/raw-amqp-client.ts'
import { until } from '../../../support/until.ts'

const impatient = { maxRetries: 0, retryDelayInMs: 10, timeoutInMs: 3000 }

test('a wrong key is refused, to senders, readers and the management alike', async () => {
  const emulator = await startedEmulator({ key: 'the right key' })
  const wrong = emulator.connectionString('risk').replace('the right key', 'a wrong key')
  const producer = producerFor(wrong, impatient)
  await expect(producer.sendBatch([{ body: 'x' }])).rejects.toMatchObject({ code: 'UnauthorizedError' })
  await expect(producer.getPartitionIds()).rejects.toMatchObject({ code: 'UnauthorizedError' })
  const reading = startReading(wrong, { retryOptions: impatient } as object)
  await until(() => reading.errorCodes.length > 0 || emulator.stats.tokensRefused > 2)
  expect(reading.events).toEqual([])
  expect(emulator.stats.messagesStored).toBe(0)
  expect(emulator.stats.tokensRefused).toBeGreaterThan(2)
})

test('a token opens its entity and what is beneath it, and nothing beside it', async () => {
  const emulator = await startedEmulator({
    hubs: [
      { name: 'risk', partitions: 1 },
      { name: 'risk2', partitions: 1 },
    ],
  })
  const connection = await rawConnection(emulator.port)
  const audience = 'sb://localhost/risk'
  expect(await sendRaw(connection, 'risk', { body: 'x' })).toBe('amqp:unauthorized-access')
  expect(await putToken(connection, sasToken({ audience }), audience)).toBe(202)
  expect(await sendRaw(connection, 'risk/Partitions/0', { body: 'x' })).toBe('accepted')
  expect(await sendRaw(connection, 'risk2', { body: 'x' })).toBe('amqp:unauthorized-access')
  expect(await putToken(connection, sasToken({ audience }), 'sb://localhost/risk2')).toBe(401)
})

test('a token that has expired by the clock of the emulator is refused', async () => {
  const atMs = Date.UTC(2026, 0, 1)
  const emulator = await startedEmulator({ nowMs: () => atMs })
  const connection = await rawConnection(emulator.port)
  const audience = 'sb://localhost/risk'
  expect(await putToken(connection, sasToken({ audience, expiresAtMs: atMs - 1000 }), audience)).toBe(401)
  expect(await putToken(connection, sasToken({ audience, expiresAtMs: atMs + 1000 }), audience)).toBe(202)
})

test.each([
  ['another key name', sasToken({ audience: 'sb://localhost/risk', keyName: 'other' })],
  [
    'no signature',
    'SharedAccessSignature sr=sb%3A%2F%2Flocalhost%2Frisk&se=99999999999&skn=RootManageSharedAccessKey',
  ],
  ['broken escapes', 'SharedAccessSignature sr=%E0%A4%A&sig=%&se=1&skn=%'],
  ['nothing', ''],
])('a token with %s is refused', async (_, token) => {
  const emulator = await startedEmulator()
  const connection = await rawConnection(emulator.port)
  expect(await putToken(connection, token, 'sb://localhost/risk')).toBe(401)
})

test('a request that the nodes do not know is answered with a refusal', async () => {
  const emulator = await startedEmulator()
  const connection = await rawConnection(emulator.port)
  await putToken(connection, sasToken({ audience: 'sb://localhost' }), 'sb://localhost')
  const statusOf = async (node: string, properties: Record<string, string>): Promise<number> =>
    (await request(connection, node, { body: '', application_properties: properties }))
      .application_properties?.['status-code']
  expect(await statusOf('$cbs', { operation: 'delete' })).toBe(400)
  expect(await statusOf('$management', { operation: 'DELETE', name: 'risk' })).toBe(400)
  expect(await statusOf('$management', { operation: 'READ', name: 'risk', type: 'other' })).toBe(400)
  expect(
    await statusOf('$management', { operation: 'READ', name: 'none', type: 'com.microsoft:eventhub' }),
  ).toBe(404)
})
