import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bundledFeedPath } from '../../../local/stack/feed/bundled-feed.ts'
import { readFeed } from '../../../local/stack/feed/read-feed.ts'
import { buildChunk } from '../../../shared/archive/chunk.ts'
import { parseLine } from '../../../shared/archive/parse-line.ts'
import { replayRows } from '../../../shared/delivery/outbox/replay-rows.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { isFault } from '../../../shared/domain/fault.ts'
import { instant, tenantId } from '../../../shared/domain/identifiers.ts'
import { type Rereader, renormalise } from '../../../shared/pipeline/redeliver/renormalise.ts'
import type { Destination } from '../../../shared/sinks/webhook/destination.ts'
import { readMessage } from '../../../shared/source/read-message.ts'
import { rereadRecord } from '../../../shared/source/reread-record.ts'
import { webhook } from '../../sinks/webhook/webhook-under-test.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'
import { jsonOf, spanText } from '../../support/event-forms.ts'
import { envelope, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { pendingWorld } from '../../support/pending-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const source = {
  tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
  includeUserRisk: true,
  language: 'en',
} as const

const rereader: Rereader = {
  readMessage: (message) => readMessage(message, source),
  rereadRecord: (bytes, enqueuedAt) => rereadRecord(bytes, enqueuedAt, source),
}

/** What the archive holds of messages, read back. */
function archiveOf(bodies: readonly Uint8Array[]) {
  const chunk = buildChunk(bodies.map((body, i) => readMessage(messageAt(i, body), source)))
  const lines = chunk.content.toString('utf8').split('\n').slice(0, -1)
  return { chunk, lines: lines.map((line, i) => parseLine(Buffer.from(line), chunk.blob, i)) }
}

describe('records read again', () => {
  it('say what they said when they came, every one of the bundled feed', async () => {
    const feed = await readFeed(bundledFeedPath())
    const { chunk, lines } = archiveOf(feed.map(({ body }) => body))
    const again = renormalise(lines, rereader)
    expect(again.skipped).toBe(0)
    expect(again.events.map((e) => [e.line, e.ordinal, e.digest, jsonOf(e)])).toEqual(
      chunk.events.map((e) => [e.line, e.ordinal, e.digest, jsonOf(e)]),
    )
    // A record that was broken off is kept without what broke it: it stays a fault, of whatever
    // reason.
    expect(again.faults.map((f) => [f.line, f.ordinal, f.digest])).toEqual(
      chunk.faults.map((f) => [f.line, f.ordinal, f.digest]),
    )
  })

  it('are sent as they were the first time, their place included: from the archive, read again, cut, or redacted', () => {
    const records = [1, 2, 3].map((n) => riskRecord(n))
    const { chunk, lines } = archiveOf([Buffer.from(envelope(...records))])
    const placeIn = (event: ArchivedEvent, changes: Partial<Destination> = {}) => {
      const sink = webhook({ url: 'https://siem.example/', format: 'json', ...changes })
      const encoded = sink.encode(event)
      if (isFault(encoded)) throw new Error(encoded.code)
      const { position, archive, cut, redacted } = JSON.parse(spanText(encoded))
      return { position, archive, marks: { cut, redacted } }
    }
    const sent = chunk.events.map((event) => placeIn(event))
    expect(sent.map(({ position }) => [position.ordinal, position.of])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ])
    const fromArchive = lines.flatMap((line) => (line.kind === 'event' ? [placeIn(line.archived)] : []))
    expect(fromArchive).toEqual(sent)
    expect(renormalise(lines, rereader).events.map((event) => placeIn(event))).toEqual(sent)
    const redactions = [{ path: ['identity', 'id'], how: 'mask' }] as const
    expect(chunk.events.map((event) => placeIn(event, { redactions }))).toEqual(
      sent.map((one) => ({ ...one, marks: { redacted: ['identity.id'] } })),
    )
    const note = riskRecord(1).replace('"properties":{', `$&"note":"${'x'.repeat(5000)}",`)
    const [wide] = archiveOf([Buffer.from(envelope(note, riskRecord(2)))]).chunk.events
    if (wide === undefined) throw new Error('there is an event')
    expect(placeIn(wide, { maxBytes: 4000 })).toMatchObject({
      position: { of: 2 },
      marks: { cut: ['extra'] },
    })
  })

  it('are one record each, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.json(), { minLength: 1, maxLength: 8 }), (records) => {
        const body = envelope('{"records":[{"category":"RiskyUsers"}],"category":"RiskyAgents"}', ...records)
        const { chunk, lines } = archiveOf([Buffer.from(body)])
        const again = renormalise(lines, rereader)
        expect(again.events.length).toBe(chunk.events.length)
        expect(again.faults.map((f) => f.fault)).toEqual(chunk.faults.map((f) => f.fault))
      }),
    )
  })

  it('of a category that is switched off today are counted, and are neither events nor faults', () => {
    const user = riskRecord(1, { category: 'RiskyUsers' })
    const { lines } = archiveOf([Buffer.from(envelope(user, riskRecord(2), user))])
    const withoutUsers: Rereader = {
      ...rereader,
      rereadRecord: (bytes, enqueuedAt) =>
        rereadRecord(bytes, enqueuedAt, { ...source, includeUserRisk: false }),
    }
    const { events, faults, skipped } = renormalise(lines, withoutUsers)
    expect([events.map(({ line }) => line), faults, skipped]).toEqual([[1], [], 2])
  })

  it('and a message that still cannot be split keep the fault that says why', () => {
    const { lines } = archiveOf([Buffer.from('no JSON'), Buffer.from('')])
    const { events, faults, skipped } = renormalise(lines, rereader)
    expect(faults.map(({ line, fault }) => [line, fault.code])).toEqual([
      [0, 'bodyNotJson'],
      [1, 'bodyEmpty'],
    ])
    expect([events, skipped]).toEqual([[], 0])
  })

  it('that meet a defect of ours are faults, one by one, and stop no other', () => {
    const whole = envelope(riskRecord(1), riskRecord(2), '{"category":"RiskyAgents"}')
    const { lines, chunk } = archiveOf([Buffer.from(whole), Buffer.from('no JSON')])
    const failing: Rereader = {
      readMessage: () => {
        throw new TypeError('a bug')
      },
      rereadRecord: (bytes, enqueuedAt) => {
        if (!Buffer.from(bytes).equals(Buffer.from(riskRecord(1)))) throw new TypeError('a bug')
        return rereader.rereadRecord(bytes, enqueuedAt)
      },
    }
    const { events, faults, skipped } = renormalise(lines, failing)
    expect(events.map(jsonOf)).toEqual(chunk.events.slice(0, 1).map(jsonOf))
    expect(faults.map((f) => [f.line, f.ordinal, f.fault.code, f.digest])).toEqual([
      [1, 1, 'internalFault', chunk.events[1]?.digest],
      ...chunk.faults.map((f) => [f.line, f.ordinal, 'internalFault', f.digest]),
    ])
    expect(skipped).toBe(0)
  })
})

describe('a row whose records are normalised again', () => {
  it('has only those encoded that the sink is to get today; the others are filtered, and none waits', async () => {
    const sink = scriptedSink()
    const encoded: number[] = []
    const counting = {
      ...sink,
      encode(archived: ArchivedEvent) {
        encoded.push(archived.line)
        return sink.encode(archived)
      },
    }
    const world = pendingWorld(sink, virtualTime())
    const rows = replayRows(
      archivedEventsAt(1, 4).map(({ blob, line, position }) => ({ blob, line, position })),
      'renormalise',
      instant(1),
    )
    await world.outbox.append(world.outboxPartition, rows)
    const even = archivedEventsAt(1, 4).filter(({ line }) => line % 2 === 0)
    const wanted = new Set(even.map(({ event }) => event.eventId))
    await world.drain({
      sinks: new Map([[sink.name, { sink: counting, accepts: ({ eventId }) => wanted.has(eventId) }]]),
      renormalise: () => ({ events: archivedEventsAt(1, 4), faults: [], skipped: 3 }),
    })
    expect(encoded).toEqual([2, 4])
    expect(world.receipts).toMatchObject([
      { tally: { delivered: 2, filtered: 2 + 3 }, outcomes: { delivered: '2,4', filtered: '1,3' } },
    ])
    expect(await world.pending()).toEqual([])
  })
})
