import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import {
  type EventHubEmulator,
  startEventHubEmulator,
} from '../../../../local/emulators/event-hubs/emulator.ts'
import { logHeaderBytes } from '../../../../local/emulators/event-hubs/log-header.ts'
import {
  producerFor,
  sequenceNumbersOf,
  startedEmulator,
  startReading,
  textsIn,
} from '../../../support/event-hub-clients.ts'
import { until } from '../../../support/until.ts'

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'event-hub-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

const publishTexts = (emulator: EventHubEmulator, texts: readonly string[]): void => {
  for (const text of texts) emulator.publish('risk', [Buffer.from(text)], { partition: '0' })
}

const logOf = (directory: string): string => join(directory, 'risk', '1', '0.log')

const texts = Array.from({ length: 10 }, (_, message) => `message ${message}`)

/**
 * The texts written and the emulator stopped: what a test then does to the file is what a crash
 * would.
 */
async function writtenLog(directory: string): Promise<void> {
  const emulator = await startedEmulator({ directory })
  publishTexts(emulator, texts)
  await emulator.stop()
}

test('a restart loses nothing: messages, positions, times and the reader that goes on', async () => {
  const directory = temporaryDirectory()
  const before = await startedEmulator({ directory })
  const producer = producerFor(before.connectionString('risk'))
  await producer.sendBatch([{ body: Buffer.from('a') }, { body: Buffer.from('b') }], { partitionId: '0' })
  await producer.sendBatch([{ body: Buffer.from('c'), properties: { kept: 'yes' } }], { partitionKey: 'key' })
  const stored = [...before.messages('risk')]
  const created = (await producer.getEventHubProperties()).createdOn
  const { port } = before
  const reading = startReading(before.connectionString('risk'))
  await until(() => reading.events.length >= 2)
  await before.stop()

  const after = await startedEmulator({ directory, port })
  expect([...after.messages('risk')]).toEqual(stored)
  expect((await producerFor(after.connectionString('risk')).getEventHubProperties()).createdOn).toEqual(
    created,
  )
  const already = reading.events.length
  publishTexts(after, ['d'])
  await until(() => reading.events.length > already)
  expect(sequenceNumbersOf(reading)).toEqual(reading.events.map((_, at) => at))
})

test('messages that are no longer held in memory are read from the file', async () => {
  const directory = temporaryDirectory()
  const emulator = await startedEmulator({ directory })
  for (let message = 0; message < 12; message += 1) {
    emulator.publish('risk', [Buffer.alloc(1_000_000, message)], { partition: '0' })
  }
  const reading = startReading(emulator.connectionString('risk'))
  await until(() => reading.events.length === 12, 10_000)
  expect(reading.events.every((event, at) => Buffer.alloc(1_000_000, at).equals(event.body))).toBe(true)
})

test('a log that is torn at any byte opens with every message that was whole', async () => {
  const directory = temporaryDirectory()
  await writtenLog(directory)
  const whole = readFileSync(logOf(directory))
  const written = await startedEmulator({ directory })
  const starts = [...written.messages('risk')].map((message) => logHeaderBytes + Number(message.offset))
  await written.stop()
  for (let length = starts[8] ?? 0; length < whole.length; length += 1) {
    writeFileSync(logOf(directory), whole.subarray(0, length))
    const emulator = await startEventHubEmulator({
      hubs: [{ name: 'risk', partitions: 2 }],
      directory,
      nowMs: () => 0,
    })
    const left = length < (starts[9] ?? 0) ? 8 : 9
    expect(textsIn(emulator)).toEqual(texts.slice(0, left))
    expect(emulator.stats.tornBytesCut).toBe(length - (starts[left] ?? 0))
    await emulator.stop()
  }
})

test('after a torn tail is cut, new messages follow the whole ones and survive the next restart', async () => {
  const directory = temporaryDirectory()
  await writtenLog(directory)
  truncateSync(logOf(directory), readFileSync(logOf(directory)).length - 3)
  const repaired = await startedEmulator({ directory })
  publishTexts(repaired, ['after the tear'])
  await repaired.stop()
  const again = await startedEmulator({ directory })
  expect(textsIn(again)).toEqual([...texts.slice(0, 9), 'after the tear'])
  expect(again.partitionState('risk')[0]?.lastSequenceNumber).toBe(9)
})

test.each([
  ['zeros', Buffer.alloc(500)],
  ['noise', Buffer.from('no frame at all, only something that was there before')],
])('%s behind the last message are cut off', async (_, garbage) => {
  const directory = temporaryDirectory()
  await writtenLog(directory)
  appendFileSync(logOf(directory), garbage)
  const emulator = await startedEmulator({ directory })
  expect(textsIn(emulator)).toEqual(texts)
  expect(emulator.stats.tornBytesCut).toBe(garbage.length)
})

test('a file that is no log, and another number of partitions, are refused at the start with what to do', async () => {
  const directory = temporaryDirectory()
  await writtenLog(directory)
  await expect(startedEmulator({ directory, hubs: [{ name: 'risk', partitions: 4 }] })).rejects.toThrow(
    /holds 2 partitions of hub 'risk', but 4 are configured/,
  )
  writeFileSync(logOf(directory), 'something else')
  await expect(startedEmulator({ directory })).rejects.toThrow(/is not an event log: use another directory/)
})

test('what a kill in the midst of a re-creation leaves is cleared away', async () => {
  const directory = temporaryDirectory()
  const first = await startedEmulator({ directory })
  publishTexts(first, ['old'])
  first.recreateHub('risk')
  publishTexts(first, ['new'])
  await first.stop()
  expect(readdirSync(join(directory, 'risk'))).toEqual(['2'])
  writeFileSync(join(directory, 'risk', '3.new'), '')
  const second = await startedEmulator({ directory })
  expect(textsIn(second)).toEqual(['new'])
  expect(readdirSync(join(directory, 'risk'))).toEqual(['2'])
})
