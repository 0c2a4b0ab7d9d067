import { expect, it } from 'vitest'
import { ArrivedEvents } from '../../../local/console/arrived-events.ts'
import { type KeptEvent, SinkOutcomes } from '../../../local/console/sink-outcomes.ts'

const kept = (line: number, eventId = `e${line}`): KeptEvent => ({
  eventId,
  pointers: [`blob#${line}`],
  enqueuedAtMs: 1000,
})
const cloudEvent = (line: number) => ({ archiveblob: 'blob', archiveline: line })
const NONE = new Set<string>()

it('an event is delivered once the receiver holds what names its line, and has one outcome until then', () => {
  const outcomes = new SinkOutcomes()
  const arrived = new ArrivedEvents()
  for (const line of [0, 1, 2, 3, 4]) outcomes.add(kept(line), 2000)
  arrived.add({ events: [cloudEvent(0), cloudEvent(0)], atMs: 1500 })
  const look = (nowMs: number) =>
    outcomes.look(
      {
        arrived,
        holds: (eventId) => eventId === 'e3',
        pending: new Set(['blob#1']),
        deadLettered: new Set(['blob#2']),
      },
      nowMs,
    )
  expect(look(3000)).toEqual({
    delivered: 1,
    pending: 1,
    deadLettered: 1,
    duplicate: 1,
    onTheWay: 1,
    missing: 0,
    received: 2,
    receivedTwice: 1,
    latencyMs: { p50: 500, p99: 500 },
  })
  expect(look(40_000)).toMatchObject({ onTheWay: 0, missing: 1 })
  arrived.add({ events: [{ ArchiveBlob: 'blob', ArchiveLine: 4 }], atMs: 41_000 })
  expect(look(42_000)).toMatchObject({ delivered: 2, missing: 0 })
})

it('a receiver that holds nothing shows none as delivered, however many are settled', () => {
  const outcomes = new SinkOutcomes()
  for (let line = 0; line < 39; line++) outcomes.add(kept(line), 0)
  const evidence = { arrived: new ArrivedEvents(), holds: () => false, pending: NONE, deadLettered: NONE }
  expect(outcomes.look(evidence, 60_000)).toMatchObject({ delivered: 0, duplicate: 0, missing: 39 })
})

it('an event whose batch ran twice is delivered by either of its lines', () => {
  const outcomes = new SinkOutcomes()
  const event = kept(0)
  outcomes.add(event, 0)
  event.pointers.push('other#7')
  const arrived = new ArrivedEvents()
  arrived.add({ events: [{ archiveblob: 'other', archiveline: 7 }], atMs: 1200 })
  const evidence = { arrived, holds: () => true, pending: NONE, deadLettered: NONE }
  expect(outcomes.look(evidence, 0)).toMatchObject({ delivered: 1, duplicate: 0, received: 1 })
})
