import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expandLines } from '../../../shared/delivery/outbox/line-ranges.ts'
import {
  type ByOutcome,
  countOutcomes,
  linesOf,
  outcomeLines,
} from '../../../shared/delivery/receipts/outcome-lines.ts'
import { parseReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { receiptJson, type SinkReport } from '../../../shared/delivery/receipts/receipt.ts'
import type { EventsRequest } from '../../../shared/delivery/settlement.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { parseEvent } from '../../../shared/domain/flat-event.ts'
import { EMPTY_SINK_TALLY } from '../../../shared/domain/tally.ts'
import { outcomeInReceipt } from '../../../shared/operations/trace/trace-outcomes.ts'
import { archivedEventsAt } from '../../support/archived-event-at.ts'

const AT = '2026-03-01T10:00:00.000Z'
const ENDS = ['delivered', 'pending', 'deadLettered', 'duplicate', 'filtered'] as const

const report = (byOutcome: ByOutcome, changes: Partial<SinkReport> = {}): SinkReport => ({
  sink: 'webhook',
  tally: countOutcomes(byOutcome),
  outcomes: outcomeLines(byOutcome),
  attempts: 1,
  requests: [],
  tookMs: 12.3,
  stoppedBy: undefined,
  ...changes,
})
const NOTHING: ByOutcome = { delivered: [], pending: [], deadLettered: [], duplicate: [], filtered: [] }

const readBack = (...reports: readonly SinkReport[]) => parseReceipt(receiptJson('v1/b', AT, reports))

describe('a receipt', () => {
  it('names every request, what it carried, what was answered and what that meant', () => {
    const requests: readonly EventsRequest[] = [
      { id: 'msg_a', status: 503, fault: 'unavailable', events: archivedEventsAt(0, 4) },
      { id: 'msg_a', fault: 'timeout', events: archivedEventsAt(0, 4) },
      { id: 'msg_b', status: 202, events: archivedEventsAt(5, 9) },
    ]
    const stoppedBy = transientFault('timeout', 'No answer in time.')
    const [read] = readBack(
      report(
        { ...NOTHING, delivered: archivedEventsAt(5, 9), pending: archivedEventsAt(0, 4) },
        { requests, stoppedBy, attempts: 3, lines: '0-9', mode: 'asArchived' },
      ),
    )
    expect(read).toEqual({
      ...EMPTY_SINK_TALLY,
      at: Date.parse(AT),
      blob: 'v1/b',
      sink: 'webhook',
      lines: '0-9',
      mode: 'asArchived',
      delivered: 5,
      pending: 5,
      outcomes: { delivered: '5-9', pending: '0-4' },
      attempts: 3,
      tookMs: 12,
      fault: 'timeout',
      requests: [
        { id: 'msg_a', status: 503, fault: 'unavailable', lines: '0-4' },
        { id: 'msg_a', fault: 'timeout', lines: '0-4' },
        { id: 'msg_b', status: 202, lines: '5-9' },
      ],
    })
  })

  it('stays small, and says what it leaves out, when a refused delivery took thousands of requests', () => {
    const requests = archivedEventsAt(0, 4999).map((e) => ({ id: `msg_${e.line}`, status: 400, events: [e] }))
    const json = receiptJson('v1/b', AT, [report(NOTHING, { requests })])
    expect(json.length).toBeLessThan(10_000)
    expect(JSON.parse(json).sinks[0]).toMatchObject({ requestsLeftOut: 4900 })
    expect(readBack(report(NOTHING, { requests }))[0]?.requests).toHaveLength(100)
    const whole = receiptJson('v1/b', AT, [report(NOTHING, { requests: requests.slice(0, 100) })])
    expect(JSON.parse(whole).sinks[0]).not.toHaveProperty('requestsLeftOut')
  })

  it('holds nothing of an event but its line', () => {
    const events = archivedEventsAt(0, 3)
    const json = receiptJson('v1/b', AT, [
      report({ ...NOTHING, delivered: events }, { requests: [{ id: 'msg_a', status: 202, events }] }),
    ])
    for (const { event, digest } of events) {
      for (const content of [event.eventId, parseEvent(event).factKey, digest])
        expect(json).not.toContain(content)
    }
  })

  it('tells of every line how it ended, whichever way the events of a chunk went', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ENDS), { maxLength: 60 }), (script) => {
        const events = archivedEventsAt(0, script.length - 1)
        const byOutcome = Object.fromEntries(
          ENDS.map((end) => [end, events.filter((_, i) => script[i] === end)]),
        ) as unknown as ByOutcome
        const [read] = readBack(report(byOutcome))
        expect(
          events.map(({ line }) => (read === undefined ? undefined : outcomeInReceipt(read, line))),
        ).toEqual(script)
        const named = Object.values(read?.outcomes ?? {}).flatMap((lines) => expandLines(lines))
        expect(named.length, 'no line has two ends').toBe(new Set(named).size)
      }),
    )
  })

  it('of a version that is not known is left alone', () => {
    expect(parseReceipt(JSON.stringify({ v: 2, blob: 'b', at: AT, sinks: [{ sink: 's' }] }))).toEqual([])
  })

  it('is not taken for one about all lines where its lines cannot be read, and has no count below zero', () => {
    const entry = { sink: 'webhook', delivered: -1, pending: 2 }
    const json = JSON.stringify({ v: 1, blob: 'b', at: AT, sinks: [entry, { ...entry, lines: '9-0' }] })
    expect(parseReceipt(json)).toMatchObject([{ sink: 'webhook', delivered: 0, pending: 2 }])
  })

  it('names lines once and in their order, in whatever order events ended', () => {
    expect(linesOf([10, 9, 2, 100, 9, 3].map((line) => ({ line })))).toBe('2-3,9-10,100')
  })

  it('names the lines of what was refused too, and no outcome that did not occur', () => {
    const [delivered, refused] = archivedEventsAt(3, 4)
    if (delivered === undefined || refused === undefined) throw new Error('no events')
    const pending = [{ archived: refused }]
    expect(outcomeLines({ ...NOTHING, delivered: [delivered], pending })).toEqual({
      delivered: '3',
      pending: '4',
    })
  })
})
