import { type EventPosition, latestEventPosition } from '@azure/event-hubs'
import { expect, test } from 'vitest'
import type { EventHubEmulator } from '../../../../local/emulators/event-hubs/emulator.ts'
import { sequenceNumbersOf, startedEmulator, startReading } from '../../../support/event-hub-clients.ts'
import { until } from '../../../support/until.ts'

const firstAtMs = Date.UTC(2026, 0, 1)

/** Five messages in partition 0, one a second. */
async function withFiveMessages(): Promise<EventHubEmulator> {
  let nowMs = firstAtMs
  const emulator = await startedEmulator({ nowMs: () => nowMs })
  for (let message = 0; message < 5; message += 1) {
    emulator.publish('risk', [Buffer.from(`message ${message}`)], { partition: '0' })
    nowMs += 1000
  }
  return emulator
}

const offsetOf = (emulator: EventHubEmulator, sequenceNumber: number): string =>
  [...emulator.messages('risk')].find((message) => message.sequenceNumber === sequenceNumber)?.offset ?? ''

const positions: readonly [string, (emulator: EventHubEmulator) => EventPosition, readonly number[]][] = [
  ['the earliest', () => ({ offset: '-1' }), [0, 1, 2, 3, 4]],
  ['after a sequence number', () => ({ sequenceNumber: 2 }), [3, 4]],
  ['at a sequence number', () => ({ sequenceNumber: 2, isInclusive: true }), [2, 3, 4]],
  ['after an offset', (emulator) => ({ offset: offsetOf(emulator, 1) }), [2, 3, 4]],
  ['at an offset', (emulator) => ({ offset: offsetOf(emulator, 1), isInclusive: true }), [1, 2, 3, 4]],
  ['after an enqueued time', () => ({ enqueuedOn: firstAtMs + 1000 }), [2, 3, 4]],
  ['between two enqueued times', () => ({ enqueuedOn: firstAtMs + 1500 }), [2, 3, 4]],
  ['before all enqueued times', () => ({ enqueuedOn: 0 }), [0, 1, 2, 3, 4]],
]

test.each(positions)('a reader that starts %s gets just what follows', async (_, position, expected) => {
  const emulator = await withFiveMessages()
  const reading = startReading(emulator.connectionString('risk'), { from: position(emulator) })
  await until(() => reading.events.length >= expected.length)
  expect(sequenceNumbersOf(reading)).toEqual(expected)
})

test.each<[string, (emulator: EventHubEmulator) => EventPosition]>([
  ['at the latest', () => latestEventPosition],
  ['after the last sequence number', () => ({ sequenceNumber: 4 })],
  ['after the last offset', (emulator) => ({ offset: offsetOf(emulator, 4) })],
  ['after the last enqueued time', () => ({ enqueuedOn: firstAtMs + 60_000 })],
])('a reader that starts %s gets what comes next, and only that', async (_, position) => {
  const emulator = await withFiveMessages()
  const reading = startReading(emulator.connectionString('risk'), { from: position(emulator) })
  await until(() => emulator.stats.readersOpen === 1)
  emulator.publish('risk', [Buffer.from('next')], { partition: '0' })
  await until(() => reading.events.length > 0)
  expect(sequenceNumbersOf(reading)).toEqual([5])
})

test('an event carries its sequence number, offset and enqueued time', async () => {
  const emulator = await withFiveMessages()
  const reading = startReading(emulator.connectionString('risk'), { from: { sequenceNumber: 3 } })
  await until(() => reading.events.length === 1)
  expect(reading.events[0]).toMatchObject({
    sequenceNumber: 4,
    offset: offsetOf(emulator, 4),
    enqueuedTimeUtc: new Date(firstAtMs + 4000),
  })
})

test('a clock that goes back does not take enqueued times with it', async () => {
  let nowMs = firstAtMs
  const emulator = await startedEmulator({ nowMs: () => nowMs })
  emulator.publish('risk', [Buffer.from('first')], { partition: '0' })
  nowMs -= 5000
  const [second] = emulator.publish('risk', [Buffer.from('second')], { partition: '0' })
  expect(second?.enqueuedAtMs).toBe(firstAtMs)
})
