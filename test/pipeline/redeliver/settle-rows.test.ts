import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../../shared/delivery/dead-letters/dead-letter.ts'
import type { OutboxRow, StoredRow } from '../../../shared/delivery/outbox/outbox.ts'
import type { RowReport } from '../../../shared/delivery/receipts/receipt.ts'
import { OUT_OF_TIME } from '../../../shared/delivery/send/attempt.ts'
import type { Outcomes, Refused } from '../../../shared/delivery/settlement.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import { type Fault, recordFault, transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { type SettledRow, untried } from '../../../shared/pipeline/redeliver/row-settlements.ts'
import {
  type Settled,
  type SettleRowsDeps,
  settleRows,
} from '../../../shared/pipeline/redeliver/settle-rows.ts'
import { archivedEventAt, archivedEventsAt } from '../../support/archived-event-at.ts'
import { HOUR_MS, type PendingWorld, pendingWorld } from '../../support/pending-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
const REFUSED = recordFault('payloadRefused', 'refused')
const UNREADABLE = recordFault('recordNotJson', 'no record')

const EVENTS = archivedEventsAt(0, 9)
const eventsAt = (from: number, to = from): readonly ArchivedEvent[] => EVENTS.slice(from, to + 1)
const faulted = (fault: Fault, from: number, to = from): readonly Refused[] =>
  eventsAt(from, to).map((archived) => ({ archived, fault }))

let time: VirtualTime
let world: PendingWorld
beforeEach(() => {
  time = virtualTime()
  world = pendingWorld(scriptedSink(), time)
})

const rowsThere = (): Promise<readonly StoredRow[]> => world.outbox.rows(world.outboxPartition, 1000)

/** A row of events `from` to `to`, with these outcomes. */
const settledRow = (
  row: StoredRow,
  from: number,
  to: number,
  outcomes: Partial<Outcomes>,
  more: Partial<SettledRow> = {},
): SettledRow => {
  const base = untried({ row, events: eventsAt(from, to), faults: [], skipped: 0 })
  return { ...base, ...more, outcomes: { ...base.outcomes, pending: [], ...outcomes } }
}

const settle = (rows: readonly SettledRow[], change: Partial<SettleRowsDeps> = {}): Promise<Settled> =>
  settleRows(
    rows,
    { outboxPartition: world.outboxPartition, startedMs: time.monotonicMs() - 70, stoppedBy: DOWN },
    { ...world.deps, ...change },
  )

/** A row for each event, of which one half was delivered and the other refused. */
async function halves(): Promise<readonly SettledRow[]> {
  await world.append([1, 1], [2, 2])
  const [one, two] = await rowsThere()
  if (one === undefined || two === undefined) throw new Error('no rows')
  return [
    settledRow(one, 1, 1, { delivered: eventsAt(1) }),
    settledRow(two, 2, 2, { deadLettered: faulted(REFUSED, 2) }),
  ]
}

it('a row whose events have not one outcome each is a defect, and nothing of it is written', async () => {
  await world.append([1, 3])
  const [row] = await rowsThere()
  if (row === undefined) throw new Error('no row')
  const events = eventsAt(1, 3)
  const having = (delivered: typeof events): SettledRow => settledRow(row, 1, 3, { delivered })
  await expect(settle([having(events.slice(1))])).rejects.toThrow(InvariantError)
  expect([world.deadLetters, world.receipts, await world.pending()]).toEqual([[], [], ['1-3']])
  await settle([having(events)])
  expect(await world.pending()).toEqual([])
})

describe('rows are kept', () => {
  const failing = (): Promise<never> => Promise.reject(new DurabilityError('Writing', undefined))

  it('all of them, where a dead letter cannot be written', async () => {
    const rows = await halves()
    await expect(settle(rows, { deadLetters: { write: failing } })).rejects.toThrow(DurabilityError)
    expect([world.receipts, await world.pending()]).toEqual([[], ['1', '2']])
  })

  it('until their receipts are filed', async () => {
    const rows = await halves()
    const pending: (readonly string[])[] = []
    await settle(rows, {
      receipts: {
        ...world.deps.receipts,
        async fileRows() {
          pending.push(await world.pending())
        },
      },
    })
    expect([pending, await world.pending()]).toEqual([[['1', '2']], []])
  })
})

describe('what is left of rows', () => {
  it('is reported in the order of the stream, however long each write takes', async () => {
    const numbers = [1, 2, 3, 4, 5, 6]
    await world.append(...numbers.map((n) => [n, n] as const))
    const rows = (await rowsThere()).map((row, i) =>
      settledRow(row, i + 1, i + 1, { pending: faulted(DOWN, i + 1) }),
    )
    const delays = [3, 1, 6, 2, 5, 4]
    const { left } = await settle(rows, {
      outbox: {
        ...world.outbox,
        async replace(outboxPartition, row) {
          for (let turns = delays[Number(row.lines) - 1] ?? 0; turns > 0; turns--) await turn()
          return world.outbox.replace(outboxPartition, row)
        },
      },
    })
    expect(left.map(({ lines }) => lines)).toEqual(numbers.map(String))
    expect(left.map(({ attempts }) => attempts)).toEqual(numbers.map(() => 2))
  })

  it('counts an attempt and its fault, unless no attempt was made, and waits for no blob any more', async () => {
    await world.append([1, 2], [3, 4])
    const put = (await rowsThere()).map((row) => ({ ...row, lookAgainAt: instant(time.now()) }))
    for (const row of put) await world.outbox.replace(world.outboxPartition, row)
    const [tried, untriedRow] = await rowsThere()
    if (tried === undefined || untriedRow === undefined) throw new Error('no rows')
    const other = transientFault('throttled', 'busy')
    await settle([
      settledRow(tried, 1, 2, { delivered: eventsAt(1), pending: faulted(other, 2) }),
      settledRow(untriedRow, 3, 4, { pending: faulted(OUT_OF_TIME, 3, 4) }),
    ])
    const left: readonly Partial<OutboxRow>[] = await rowsThere()
    expect(left).toMatchObject([
      { lines: '2', events: 1, attempts: 2, lastFault: { code: 'throttled', message: 'busy' } },
      { lines: '3-4', events: 2, attempts: 1, lastFault: { code: 'unavailable' } },
    ])
    expect(left.map(({ lookAgainAt }) => lookAgainAt)).toEqual([undefined, undefined])
  })

  it('is nobody’s to count where another has changed the row meanwhile', async () => {
    await world.append([1, 2])
    const [row] = await rowsThere()
    if (row === undefined) throw new Error('no row')
    await world.outbox.replace(world.outboxPartition, { ...row, attempts: 7 })
    expect((await settle([settledRow(row, 1, 2, { pending: faulted(DOWN, 1, 2) })])).left).toEqual([])
    expect((await rowsThere()).map(({ attempts }) => attempts)).toEqual([7])
  })
})

describe('a row that an operator asked to have normalised again', () => {
  const faulty = (line: number) => {
    const { position, ordinal, digest, blob } = archivedEventAt(line)
    return { position, ordinal, digest, blob, line, fault: UNREADABLE }
  }

  it('leaves one dead letter for each line, in order, and a receipt that counts every record', async () => {
    await world.append([1, 5])
    const [found] = await rowsThere()
    if (found === undefined) throw new Error('no row')
    const row = { ...found, mode: 'renormalise', isRetry: true } as const
    const askedAt = row.firstTriedAt
    time.advance(HOUR_MS)
    const groups: (readonly DeadLetter[])[] = []
    const reports: RowReport[] = []
    const { deadLettered } = await settle(
      [
        settledRow(
          row,
          1,
          4,
          {
            delivered: eventsAt(1),
            filtered: eventsAt(2),
            deadLettered: faulted(REFUSED, 3, 4).toReversed(),
          },
          { faults: [faulty(5), faulty(4)], skipped: 3 },
        ),
      ],
      {
        deadLetters: {
          async write(some) {
            groups.push(some)
          },
        },
        receipts: {
          ...world.deps.receipts,
          async fileRows(some) {
            reports.push(...some)
          },
        },
      },
    )
    expect(deadLettered).toBe(3)
    expect(
      groups.map((some) => some.map(({ line, fault, attempts }) => [line, fault.code, attempts])),
    ).toEqual([
      [
        [3, 'payloadRefused', 2],
        [4, 'payloadRefused', 2],
        [5, 'recordNotJson', 2],
      ],
    ])
    for (const deadLetter of groups.flat())
      expect(deadLetter).toMatchObject({
        firstTriedAt: askedAt,
        deadLetteredAt: time.now(),
        replay: { mode: 'renormalise', askedAt, isRetry: true },
      })
    expect(reports).toMatchObject([
      {
        lines: '1-5',
        mode: 'renormalise',
        tally: { delivered: 1, pending: 0, deadLettered: 3, duplicate: 0, filtered: 4 },
        outcomes: { delivered: '1', filtered: '2', deadLettered: '3-5' },
        attempts: 2,
        tookMs: 70,
        stoppedBy: DOWN,
      },
    ])
    expect(await world.pending()).toEqual([])
  })

  it('leaves the faults of records under ids of their own at this sink', async () => {
    const [one, two] = await halves()
    if (one === undefined || two === undefined) throw new Error('no rows')
    await settle([{ ...one, faults: [faulty(7)] }, two])
    expect(world.deadLetters.map(({ line, sink, replay }) => [line, sink, replay])).toEqual([
      [7, 'scripted', undefined],
      [2, 'scripted', undefined],
    ])
    expect(new Set(world.deadLetters.map(({ id }) => id)).size).toBe(2)
  })
})
