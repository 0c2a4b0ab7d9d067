import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { pendingRows, type StoredRow } from '../../../shared/delivery/outbox/outbox.ts'
import { type DeliveryOutcome, failed } from '../../../shared/delivery/sink.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import type { EventSpace } from '../../../shared/domain/event-fields.ts'
import { recordFault, transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import type { RedeliverDeps } from '../../../shared/pipeline/redeliver/redeliver.ts'
import { archivedEventAt, archivedEventsAt, eventIdAt, lineOfSize } from '../../support/archived-event-at.ts'
import { HOUR_MS, type PendingWorld, pendingWorld } from '../../support/pending-world.ts'
import { type ScriptedSink, type ScriptedSinkOptions, scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const id: (n: number) => string = eventIdAt
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
/** Events of one window, and reads that are under way at a time. */
const WINDOW = 500
const READS_AT_ONCE = 16

let time: VirtualTime
beforeEach(() => {
  time = virtualTime()
})

/** What a drain asked of storage and sink, and how much it held. */
interface Watched {
  readonly world: PendingWorld
  readonly sink: ScriptedSink
  readonly lists: number[]
  readonly reads: string[]
  readonly removals: (readonly StoredRow[])[]
  renewals: number
  readsAtOnce: number
  /** Events that were read and not yet removed, at most. */
  held: number
  readonly deps: RedeliverDeps
}

function watched(options: ScriptedSinkOptions = {}): Watched {
  const sink = scriptedSink({ maxEvents: 100, ...options })
  const world = pendingWorld(sink, time)
  let reading = 0
  let read = 0
  let removed = 0
  const w: Watched = {
    world,
    sink,
    lists: [],
    reads: [],
    removals: [],
    renewals: 0,
    readsAtOnce: 0,
    held: 0,
    deps: {
      ...world.deps,
      outbox: {
        ...world.outbox,
        async rows(...args) {
          const rows = await world.outbox.rows(...args)
          w.lists.push(rows.length)
          return rows
        },
        async renew(...args) {
          w.renewals++
          return world.outbox.renew(...args)
        },
        async remove(outboxPartition, rows) {
          w.removals.push(rows)
          removed += rows.reduce((sum, row) => sum + row.events, 0)
          await world.outbox.remove(outboxPartition, rows)
        },
      },
      async readLines(blob, lines, space) {
        w.reads.push(blob)
        w.readsAtOnce = Math.max(w.readsAtOnce, ++reading)
        await turn()
        reading--
        read += lines.length
        w.held = Math.max(w.held, read - removed)
        return world.deps.readLines(blob, lines, space)
      },
    },
  }
  return w
}

describe('a drain of a long outage', () => {
  it('lists every row once, and reads a blob once for all rows of a window that point at it', async () => {
    const w = watched()
    for (let i = 0; i < 2500; i += 500) await w.world.append(...range(i, i + 499).map((n) => [n, n] as const))
    await w.world.drain(w.deps)
    expect(w.sink.taken).toEqual(range(0, 2499).map(id))
    expect(w.lists.reduce((sum, rows) => sum + rows, 0)).toBe(2500)
    expect(w.lists.length).toBeLessThanOrEqual(4)
    expect(w.reads).toHaveLength(2500 / WINDOW)
  })

  it('reads blobs side by side, and holds no more than three windows, whatever is pending', async () => {
    const w = watched()
    await w.world.appendApart(...range(0, 2499))
    await w.world.drain(w.deps)
    expect(w.sink.taken).toEqual(range(0, 2499).map(id))
    expect(w.reads).toHaveLength(2500)
    expect(w.readsAtOnce).toBe(READS_AT_ONCE)
    expect(w.held).toBeLessThanOrEqual(3 * WINDOW)
  })

  it('holds fewer events where they are large', async () => {
    const w = watched()
    const { readLines } = w.deps
    await w.world.appendApart(...range(0, 199))
    await w.world.drain({
      ...w.deps,
      async readLines(blob, lines, space) {
        const read = await readLines(blob, lines, space)
        return new Map(
          [...read].map(([n, line]) => [
            n,
            line.kind === 'event' ? lineOfSize(line.archived, 100_000) : line,
          ]),
        )
      },
    })
    expect(w.sink.taken).toEqual(range(0, 199).map(id))
    // Some 10 a window of 1 MB, and what was under way when it was full.
    expect(w.held).toBeLessThanOrEqual(3 * 10 + 2 * READS_AT_ONCE)
  })

  it('removes nothing before its events have ended', async () => {
    const refused = recordFault('payloadRefused', 'refused')
    const isBad = (some: readonly string[]): boolean => some.some((one) => one.startsWith('7'))
    const w = watched({
      maxEvents: 7,
      answer: (some): DeliveryOutcome | undefined => (isBad(some) ? failed(refused) : undefined),
    })
    await w.world.appendApart(...range(0, 1200))
    const { outbox } = w.deps
    await w.world.drain({
      ...w.deps,
      outbox: {
        ...outbox,
        async remove(outboxPartition, rows) {
          const ended = new Set([
            ...w.sink.taken,
            ...w.world.deadLetters.map(({ eventId }) => String(eventId)),
          ])
          for (const { lines } of rows) expect(ended).toContain(id(Number(lines)))
          await outbox.remove(outboxPartition, rows)
        },
      },
    })
    expect(await w.world.pending()).toEqual([])
    expect(w.sink.taken.length + w.world.deadLetters.length).toBe(1201)
  })

  it('keeps the order of the stream, whichever rows share blobs and however long each read takes', async () => {
    const row = fc.record({ events: fc.integer({ min: 1, max: 4 }), blob: fc.nat(5), turns: fc.nat(3) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, maxEvents) => {
          time = virtualTime()
          const w = watched({ maxEvents })
          let next = 0
          for (const { events, blob } of rows) {
            const refused = range(next, next + events - 1).map((n) => ({
              archived: archivedEventAt(n, { blob: `v1/blob-${blob}.jsonl.gz` }),
              fault: transientFault('unavailable', 'down'),
            }))
            await w.world.outbox.append(w.world.outboxPartition, pendingRows(refused, instant(time.now())))
            next += events
          }
          const { readLines } = w.world.deps
          await w.world.drain({
            ...w.deps,
            async readLines(blob, lines, space) {
              for (let i = 0; i < (rows[lines.length % Math.max(1, rows.length)]?.turns ?? 0); i++)
                await turn()
              return readLines(blob, lines, space)
            },
          })
          expect(w.sink.taken).toEqual(range(0, next - 1).map(id))
          expect(await w.world.pending()).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('hands over with one wake-up when its budget is used up, and counts that against nobody', async () => {
    const w = watched({
      maxEvents: 500,
      answer: () => {
        time.advance(6000)
        return undefined
      },
    })
    await w.world.appendApart(...range(0, 2499))
    await w.world.drain(w.deps)
    // The fourth would not have fitted: what took 6 s is not begun with 2 s left.
    expect(w.sink.taken).toEqual(range(0, 3 * WINDOW - 1).map(id))
    expect(w.world.wakeUpsSent.map(({ delayMs }) => delayMs)).toEqual([0])
    expect(
      (await w.world.outbox.rows(w.world.outboxPartition, 1)).map((row) => [row.lines, row.attempts]),
    ).toEqual([[String(3 * WINDOW), 1]])
    while ((await w.world.pending()).length > 0) await w.world.drain(w.deps)
    expect(w.sink.taken).toEqual(range(0, 2499).map(id))
  })

  it('dead-letters each row past the age limit once, in whichever window it was when the sink failed', async () => {
    const w = watched({ answer: () => failed(transientFault('unavailable', 'down')) })
    await w.world.appendApart(...range(0, 2 * WINDOW + 99))
    time.advance(73 * HOUR_MS)
    await w.world.drain(w.deps)
    expect(w.world.deadLetters.map(({ line }) => line)).toEqual(range(0, 2 * WINDOW + 99))
    expect(await w.world.pending()).toEqual([])
  })

  it('does not keep a row that has nothing to send behind one that the sink did not take', async () => {
    const w = watched({ answer: () => failed(transientFault('unavailable', 'down')) })
    await w.world.append([1, 2])
    const [row, ...others] = pendingRows(
      [{ archived: archivedEventAt(3), fault: transientFault('unavailable', 'down') }],
      instant(time.now()),
    )
    if (row === undefined || others.length > 0) throw new Error('not one row')
    await w.world.outbox.append(w.world.outboxPartition, [{ ...row, mode: 'renormalise' }])
    const { position, ordinal, digest, blob, line } = archivedEventAt(3)
    const fault = recordFault('recordNotJson', 'no record')
    await w.world.drain({
      ...w.deps,
      renormalise: () => ({
        events: [],
        faults: [{ position, ordinal, digest, blob, line, fault }],
        skipped: 0,
      }),
    })
    expect(await w.world.pending()).toEqual(['1-2'])
    expect(w.world.deadLetters.map((deadLetter) => [deadLetter.line, deadLetter.fault])).toEqual([[3, fault]])
  })

  it('reads for half of its time at most, so that what was read is delivered too', async () => {
    const w = watched()
    const { readLines } = w.deps
    await w.world.appendApart(...range(0, 99))
    await w.world.drain({
      ...w.deps,
      readLines(blob, lines, space) {
        time.advance(1000)
        return readLines(blob, lines, space)
      },
    })
    expect(w.sink.taken).toEqual(range(0, 14).map(id))
  })

  it('leaves no failure of the next window unhandled where this one failed before it', async () => {
    const busy = Object.assign(new Error(), { statusCode: 503, code: 'ServerBusy' })
    const w = watched()
    await w.world.append(...range(0, WINDOW).map((n) => [n, n] as const))
    const unhandled: unknown[] = []
    const note = (cause: unknown): number => unhandled.push(cause)
    process.on('unhandledRejection', note)
    let reads = 0
    const draining = w.world.drain({
      ...w.deps,
      async readLines(_, lines) {
        if (++reads === 1) return new Map(lines.map((n) => [n, { kind: 'unread', cause: busy }]))
        await turn()
        throw new DurabilityError('Reading the archive', undefined)
      },
    })
    await expect(draining).rejects.toBe(busy)
    for (let i = 0; i < 3; i++) await turn()
    process.off('unhandledRejection', note)
    expect([reads, unhandled]).toEqual([2, []])
    expect(await w.world.pending()).toHaveLength(WINDOW + 1)
  })

  it('keeps its lease while it is at work', async () => {
    const w = watched({
      maxEvents: 500,
      answer: () => {
        time.advance(20_000)
        return undefined
      },
    })
    await w.world.appendApart(...range(0, 4 * WINDOW - 1))
    await w.world.drain({ ...w.deps, budgetMs: 100_000 })
    expect(w.sink.taken).toHaveLength(4 * WINDOW)
    expect(w.renewals).toBeGreaterThan(0)
    expect(w.renewals).toBeLessThanOrEqual(2)
  })

  it('ends, and neither releases its lease nor sends a wake-up, once another drain has it', async () => {
    const w = watched({
      maxEvents: 500,
      answer: () => {
        time.advance(35_000)
        return undefined
      },
    })
    await w.world.appendApart(...range(0, 4 * WINDOW - 1))
    const other: unknown[] = []
    await w.world.drain({
      ...w.deps,
      budgetMs: 120_000,
      outbox: {
        ...w.deps.outbox,
        async renew() {
          // The lease was over before it was asked for again.
          time.advance(135_000)
          other.push(await w.world.outbox.acquire(w.world.outboxPartition, 35_000))
          return undefined
        },
      },
    })
    expect(other).toHaveLength(1)
    expect(w.sink.taken).toHaveLength(2 * WINDOW)
    expect(w.world.wakeUpsSent).toEqual([])
    expect(
      await w.world.outbox.acquire(w.world.outboxPartition, 1000),
      'the other one still has it',
    ).toBeUndefined()
  })

  it('has a window removed that was delivered while the one before it could not be', async () => {
    const w = watched({ maxEvents: 500 })
    await w.world.appendApart(...range(0, 3 * WINDOW - 1))
    let removals = 0
    const { outbox } = w.deps
    const draining = w.world.drain({
      ...w.deps,
      outbox: {
        ...outbox,
        async remove(outboxPartition, rows) {
          if (++removals === 1) throw new DurabilityError('Settling the outbox', undefined)
          await outbox.remove(outboxPartition, rows)
        },
      },
    })
    await expect(draining).rejects.toThrow(DurabilityError)
    expect(w.sink.taken, 'nothing is delivered after a failure is known').toHaveLength(2 * WINDOW)
    expect(await w.world.pending()).toEqual(
      [...range(0, WINDOW - 1), ...range(2 * WINDOW, 3 * WINDOW - 1)].slice(0, 1000).map(String),
    )
  })

  it('reads nothing more than one row of a partition whose sink is down', async () => {
    const w = watched({ answer: () => failed(transientFault('unavailable', 'down')) })
    await w.world.appendApart(...range(0, 2999))
    await w.world.drain(w.deps)
    w.reads.length = 0
    w.lists.length = 0
    time.advance(300_000)
    await w.world.drain(w.deps)
    expect([w.reads.length, w.lists.length]).toEqual([1, 1])
  })

  it('files what came of rows together', async () => {
    const w = watched()
    const filed: number[] = []
    await w.world.appendApart(...range(0, 999))
    await w.world.drain({
      ...w.deps,
      receipts: {
        ...w.deps.receipts,
        async fileRows(reports) {
          filed.push(reports.length)
        },
      },
    })
    expect(filed).toEqual([WINDOW, WINDOW])
  })

  it('tells each row of several windows the requests that went for it', async () => {
    const w = watched({ maxEvents: 2 })
    await w.world.append([1, 3], [4, 4], [5, 8])
    await w.world.drain(w.deps)
    expect(
      w.world.receipts.map(({ lines, requests }) => [
        lines,
        requests.map((r) => r.events.map((e) => e.line)),
      ]),
    ).toEqual([
      ['1-3', [[1, 2], [3]]],
      ['4', [[4]]],
      [
        '5-8',
        [
          [5, 6],
          [7, 8],
        ],
      ],
    ])
    expect(archivedEventsAt(1, 8).map(({ event }) => event.eventId)).toEqual(w.sink.taken)
  })

  it('uses the memory of a window again once it is settled, and not where that failed', async () => {
    const w = watched()
    const spaces = new Set<EventSpace>()
    await w.world.appendApart(...range(0, 1099))
    const drained = w.world.drain({
      ...w.deps,
      readLines(blob, lines, space) {
        spaces.add(space)
        return w.deps.readLines(blob, lines, space)
      },
      outbox: {
        ...w.deps.outbox,
        remove: (outboxPartition, rows) =>
          rows.length < WINDOW
            ? Promise.reject(new DurabilityError('Settling the outbox', new Error('no answer')))
            : w.deps.outbox.remove(outboxPartition, rows),
      },
    })
    await expect(drained).rejects.toThrow(DurabilityError)
    const isReleased = ({ memory }: EventSpace): boolean => {
      try {
        return memory.bytes.length < 0
      } catch {
        return true
      }
    }
    expect([...spaces].map(isReleased)).toEqual([true, true, false])
  })
})
