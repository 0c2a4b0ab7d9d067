import { expect, it } from 'vitest'
import { answeredByReceipts } from '../../../../local/checks/chaos/processes/answered-by-receipts.ts'
import { Arrivals, positionText } from '../../../../local/checks/chaos/processes/arrivals.ts'
import type { FiledReceipt } from '../../../../local/checks/chaos/processes/receipts.ts'
import { parseReceipt } from '../../../../shared/delivery/receipts/parse-receipt.ts'
import type { ArchivedEvent } from '../../../../shared/domain/exported-event.ts'
import type { JsonObject } from '../../../../shared/encoding/json.ts'
import { logRow } from '../../../../shared/sinks/log-analytics/log-row.ts'
import { cloudEvent } from '../../../../shared/sinks/webhook/formats/cloudevents/cloud-event.ts'
import { archived, detection, riskyIdentity } from '../../../support/archived-events.ts'
import { spanText, textOf } from '../../../support/event-forms.ts'

const stored = (events: readonly string[], atMs = 1, answered = true, requestId = 'r1') => ({
  requestId,
  eventIds: [],
  events: events.map((event) => JSON.parse(event) as JsonObject),
  atMs,
  answered: Promise.resolve(answered),
})

const cloudEventText = (event: ArchivedEvent): string => textOf(cloudEvent, event)

it('what lands at either sink says where the stream has it, as the archive does', async () => {
  const events = [detection('a'), riskyIdentity('b')].map(archived)
  const arrivals = new Arrivals()
  arrivals.add('webhook', stored(events.map(cloudEventText)))
  arrivals.add(
    'log-analytics',
    stored(events.map((e) => `{"TimeGenerated":""${spanText(logRow(e, 1_000_000))}`)),
  )
  const expected = events.map(({ event, position, ordinal }) => ({
    eventId: event.eventId,
    partition: position.partition,
    position: positionText(position.partition, position.sequenceNumber, ordinal),
    at: 1,
    requestId: 'r1',
    answered: true,
  }))
  expect(await arrivals.at('webhook')).toEqual(expected)
  expect(await arrivals.at('log-analytics')).toEqual(expected)
})

const receipt = (from: number, to: number, requests: readonly object[], sink = 'webhook'): FiledReceipt => ({
  entries: parseReceipt(
    JSON.stringify({ v: 1, blob: 'b', at: new Date(to).toISOString(), sinks: [{ sink, requests }] }),
  ),
  from,
  to,
})

async function heard(
  received: readonly (readonly [at: number, answered: boolean])[],
  receipts: readonly FiledReceipt[],
): Promise<readonly boolean[]> {
  const arrivals = new Arrivals()
  const event = archived(detection('a'))
  for (const [at, answered] of received)
    arrivals.add('webhook', stored([cloudEventText(event)], at, answered, 'msg_1'))
  return answeredByReceipts('webhook', await arrivals.at('webhook'), receipts).map(({ answered }) => answered)
}

const TIMED_OUT = { id: 'msg_1', fault: 'timeout' }
const DELIVERED = { id: 'msg_1', status: 204 }

it.each<readonly [string, Parameters<typeof heard>[0], readonly FiledReceipt[], readonly boolean[]]>([
  [
    'a sender that says nothing is not contradicted',
    [
      [5, true],
      [6, false],
    ],
    [],
    [true, false],
  ],
  ['an answer that was handed over and not read is none', [[5, true]], [receipt(0, 9, [TIMED_OUT])], [false]],
  ['an answer that was read was handed over', [[5, false]], [receipt(0, 9, [DELIVERED])], [true]],
  [
    'of the attempts at the same events only the last succeeds',
    [
      [5, true],
      [6, true],
    ],
    [receipt(0, 9, [TIMED_OUT, DELIVERED])],
    [false, true],
  ],
  [
    'the same events may be delivered again later',
    [
      [5, true],
      [15, true],
    ],
    [receipt(0, 9, [DELIVERED]), receipt(10, 19, [DELIVERED])],
    [true, true],
  ],
  [
    'another time, another request and another sink say nothing of it',
    [[5, true]],
    [
      receipt(10, 19, [TIMED_OUT]),
      receipt(0, 9, [{ id: 'msg_2', fault: 'timeout' }]),
      receipt(0, 9, [TIMED_OUT], 'log-analytics'),
    ],
    [true],
  ],
])('%s', async (_, received, receipts, expected) => {
  expect(await heard(received, receipts)).toEqual(expected)
})
