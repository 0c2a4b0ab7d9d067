import type { DeadLetter } from '../delivery/dead-letter.ts'
import type { EventsRequest } from '../delivery/deliver-in-order.ts'
import type { OnStep } from '../delivery/durable-step.ts'
import { countEnds, endLines } from '../delivery/end-lines.ts'
import type { OutboxPage } from '../delivery/outbox.ts'
import type { Receipts } from '../delivery/receipt.ts'
import type { ArchivedEvent } from '../domain/exported-event.ts'
import type { Fault } from '../domain/fault.ts'
import type { Time } from '../domain/time.ts'
import { type Debt, eventKey } from './debt.ts'

/** How what a row points at has ended. */
export interface SettledDebt {
  readonly delivered: readonly ArchivedEvent[]
  readonly owed: readonly ArchivedEvent[]
  readonly letters: readonly DeadLetter[]
  /** Of the whole round: what other rows' events went with is left out of this one's receipt. */
  readonly requests: readonly EventsRequest[]
  readonly stoppedBy: Fault | undefined
}

interface FileDeps {
  readonly receipts: Receipts
  readonly time: Time
  readonly onStep: OnStep
}

/** Leaves a receipt of what came of a debt. */
export async function fileDebt(
  page: OutboxPage,
  { row, events, skipped }: Debt,
  { delivered, owed, letters, requests, stoppedBy }: SettledDebt,
  startedMs: number,
  { receipts, time, onStep }: FileDeps,
): Promise<void> {
  const byEnd = { delivered, owed, deadLettered: letters, duplicate: [], filtered: [] }
  await receipts.file(row.blob, [
    {
      lines: row.lines,
      ...(row.mode === undefined ? {} : { mode: row.mode }),
      sink: page.sink,
      // What is of no category today is counted, but has no event whose line could be named.
      tally: { ...countEnds(byEnd), filtered: skipped },
      ends: endLines(byEnd),
      requests: requestsFor(events, requests),
      attempts: row.attempts + 1,
      tookMs: time.monotonicMs() - startedMs,
      stoppedBy,
    },
  ])
  await onStep('redeliveryFiled')
}

/** Those of the requests that were to bring some of these events, whichever row they went for. */
function requestsFor(
  own: readonly ArchivedEvent[],
  requests: readonly EventsRequest[],
): readonly EventsRequest[] {
  return requests
    .map((request) => {
      const brought = new Set(request.events.map(eventKey))
      return { ...request, events: own.filter((e) => brought.has(eventKey(e))) }
    })
    .filter(({ events }) => events.length > 0)
}
