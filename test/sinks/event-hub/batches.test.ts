import type { ReceivedEventData } from '@azure/event-hubs'
import { describe, expect, test } from 'vitest'
import type { DeliveryOutcome } from '../../../shared/delivery/sink.ts'
import type { EventId } from '../../../shared/domain/identifiers.ts'
import { encoded } from '../../contract/sink-fixture.ts'
import { detection } from '../../support/archived-events.ts'
import { startedEmulator } from '../../support/event-hub-clients.ts'
import { agent, deliver, readAll, sinkTo } from './hub-under-test.ts'

const MOST_BATCHES = 32

/** So many events, by turns of so many identities. */
const eventsOf = (count: number, identities: number) =>
  Array.from({ length: count }, (_, n) => detection(`n${n}`, agent(`agent-${n % identities}`)))

const idsOf = (events: readonly { readonly eventId: string }[]) => events.map(({ eventId }) => eventId)

const identityOf = ({ body }: ReceivedEventData): string => JSON.parse(Buffer.from(body).toString()).subject

/** The event ids of each identity, as they were read: each once, as at its first place. */
function orderRead(partitions: readonly (readonly ReceivedEventData[])[]) {
  const read = new Map<string, Set<unknown>>()
  for (const message of partitions.flat()) {
    const ids = read.get(identityOf(message)) ?? new Set()
    read.set(identityOf(message), ids.add(message.messageId))
  }
  return new Map([...read].map(([identity, ids]) => [identity, [...ids]]))
}

/** The event ids of each identity, as they were sent. */
function orderOf(events: ReturnType<typeof eventsOf>) {
  const ids = new Map<string, string[]>()
  for (const { identity, eventId } of events) ids.set(identity.id, [...(ids.get(identity.id) ?? []), eventId])
  return ids
}

const failedOf = (outcome: DeliveryOutcome) => {
  if (outcome.status !== 'partial') throw new Error(outcome.status)
  return outcome.failed
}

describe("batches for a customer's event hub", () => {
  test('keep the events of an identity in one partition, in their order', async () => {
    const emulator = await startedEmulator()
    const events = eventsOf(300, 50)
    const outcome = await deliver(sinkTo(emulator.connectionString('risk')), ...events)
    expect(outcome.status).toBe('delivered')
    const partitions = await readAll(emulator, events.length)
    expect(orderRead(partitions)).toEqual(orderOf(events))
    const holders = partitions.map((read) => [...new Set(read.map(identityOf))])
    expect(holders.flat().toSorted()).toEqual([...orderOf(events).keys()].toSorted())
    expect(holders.every(({ length }) => length > 0)).toBe(true)
  })

  test('are few, however many identities there are, and each event is in one', async () => {
    const emulator = await startedEmulator()
    const events = eventsOf(500, 500)
    const { requests = [] } = await deliver(sinkTo(emulator.connectionString('risk')), ...events)
    expect(requests.length).toBeLessThanOrEqual(MOST_BATCHES)
    expect(requests.flatMap(({ eventIds = [] }) => eventIds).toSorted()).toEqual(idsOf(events).toSorted())
    expect(new Set(requests.map(({ id }) => id)).size).toBe(requests.length)
  })

  test('are as large as the hub takes, and what exceeds that alone is the fault of its event', async () => {
    const emulator = await startedEmulator({ maxSendBytes: 8_000 })
    const events = eventsOf(20, 1).with(
      9,
      detection('wide', { ...agent('agent-0'), evidence: 'x'.repeat(9_000) }),
    )
    const outcome = await deliver(sinkTo(emulator.connectionString('risk')), ...events)
    expect([...failedOf(outcome)]).toMatchObject([
      [detection('wide').eventId, { code: 'tooLarge', scope: 'record' }],
    ])
    expect(outcome.requests?.length).toBeGreaterThan(2)
    const others = events.toSpliced(9, 1)
    expect(orderRead(await readAll(emulator, others.length)).get('agent-0')).toEqual(idsOf(others))
  })

  test('of which the hub refuses one have delivered the others, each event once', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    emulator.faults.rejectNextSends(1)
    const events = eventsOf(60, 20)
    const failed = failedOf(await deliver(sink, ...events))
    for (const fault of failed.values())
      expect(fault).toMatchObject({ code: 'throttled', scope: 'transient' })
    const again = events.filter(({ eventId }) => failed.has(eventId))
    expect((await deliver(sink, ...again)).status).toBe('delivered')
    const partitions = await readAll(emulator, events.length)
    expect(partitions.flat()).toHaveLength(events.length)
    expect(orderRead(partitions)).toEqual(orderOf(events))
  })

  test('are sent once the hub is connected, though deliveries ran out of time meanwhile', async () => {
    const emulator = await startedEmulator()
    const sink = sinkTo(emulator.connectionString('risk'))
    const batch = encoded(sink, ...eventsOf(3, 3))
    for (let n = 0; n < 40; n += 1) {
      emulator.faults.hang()
      const delivery = sink.deliver(batch, AbortSignal.timeout(20))
      await new Promise((resolve) => setTimeout(resolve, 10))
      emulator.faults.resume()
      await delivery
    }
    expect(await sink.deliver(batch, AbortSignal.timeout(8000))).toMatchObject({ status: 'delivered' })
  })

  test('whose connection dies halfway are sent again, but not those that were acknowledged', async () => {
    const emulator = await startedEmulator({ maxSendBytes: 8_000 })
    const sink = sinkTo(emulator.connectionString('risk'))
    // Batches of one identity follow one another: five are acknowledged when the sixth is sent.
    const events = eventsOf(30, 1)
    emulator.faults.loseNextAcknowledgements(1, 5)
    const outcome = await sink.deliver(encoded(sink, ...events), AbortSignal.timeout(1_000))
    const failed = failedOf(outcome)
    for (const fault of failed.values()) expect(fault).toMatchObject({ code: 'timeout', scope: 'transient' })
    const taken = events.filter(({ eventId }) => !failed.has(eventId))
    expect(outcome.requests?.flatMap(({ eventIds = [] }) => eventIds)).toEqual(idsOf(taken))
    expect(outcome.requests).toHaveLength(5)
    expect((await deliver(sink, ...events.slice(taken.length))).status).toBe('delivered')
    // The batch whose acknowledgement was lost is there twice.
    const read = (await readAll(emulator, events.length + 1)).flat().map(({ messageId }) => String(messageId))
    expect([...new Set(read)]).toEqual(idsOf(events))
    expect(read.filter((id) => !failed.has(id as EventId))).toEqual(idsOf(taken))
  })
})
