import { beforeEach, describe, expect, it } from 'vitest'
import { type OutboxRow, pendingRows } from '../../../shared/delivery/outbox/outbox.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { PendingReader, type PendingWindow } from '../../../shared/pipeline/redeliver/pending-reader.ts'
import type { RedeliverDeps } from '../../../shared/pipeline/redeliver/redeliver.ts'
import { archivedEventAt, lineOf, lineOfSize } from '../../support/archived-event-at.ts'
import { HOUR_MS, type PendingWorld, pendingWorld, unreadLines } from '../../support/pending-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
/** JSON bytes of one window. */
const MAX_BYTES = 1024 * 1024
const READS_AT_ONCE = 16
/** Rows of one listing. */
const LISTED = 1000
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

let time: VirtualTime
let world: PendingWorld
/** Of each read: blob and lines. */
let reads: (readonly [string, readonly number[]])[]
beforeEach(() => {
  time = virtualTime()
  world = pendingWorld(scriptedSink(), time)
  reads = []
})

const readerOf = (change: Partial<RedeliverDeps> = {}): PendingReader => {
  const deps = { ...world.deps, ...change }
  return new PendingReader(world.outboxPartition, {
    ...deps,
    async readLines(blob, lines, space) {
      reads.push([blob, lines])
      return deps.readLines(blob, lines, space)
    },
  })
}
const endless = (): { readonly untilMs: number } => ({ untilMs: time.monotonicMs() + HOUR_MS })
const linesOf = (window: PendingWindow): readonly string[] => window.rows.map(({ lines }) => lines)

/** Lines of every window until none is left. */
async function windowsOf(reader: PendingReader): Promise<readonly (readonly string[])[]> {
  const windows: (readonly string[])[] = []
  for (;;) {
    const window = await reader.next(endless())
    if (window.rows.length === 0) return windows
    windows.push(linesOf(window))
  }
}

/** A row with changes, for each of these numbers. */
const appendChanged = (numbers: readonly number[], change: Partial<OutboxRow>): Promise<void> =>
  world.outbox.append(
    world.outboxPartition,
    numbers.flatMap((n) =>
      pendingRows([{ archived: archivedEventAt(n), fault: DOWN }], instant(time.now())).map((row) => ({
        ...row,
        ...change,
      })),
    ),
  )

describe('a window of pending rows', () => {
  it('tells what an operator replays from what was never delivered: the latter is news, however late', async () => {
    await appendChanged([0], { mode: 'asArchived' })
    await appendChanged([1], { mode: 'asArchived', isRetry: true })
    await appendChanged([2], {})
    const { pending } = await readerOf().next(endless())
    expect(pending.flatMap(({ events }) => events.map(({ isReplay }) => isReplay))).toEqual([
      true,
      undefined,
      undefined,
    ])
  })

  it('has as many lines as memory allows, and a row of more is a window of its own', async () => {
    await world.append([0, 249], [250, 499], [500, 500], [501, 1200], [1201, 1201])
    expect(await windowsOf(readerOf())).toEqual([['0-249', '250-499'], ['500'], ['501-1200'], ['1201']])
  })

  it('has as many bytes as memory allows, by the largest events read so far', async () => {
    await world.append(...range(0, 99).map((n) => [n, n] as const))
    const reader = readerOf({
      readLines: async (_, lines) =>
        new Map(lines.map((n) => [n, lineOfSize(archivedEventAt(n), n < 1 ? MAX_BYTES / 10 : 2)])),
    })
    await reader.next({ ...endless(), maxRows: 1 })
    expect((await windowsOf(reader)).map((window) => window.length)).toEqual([...Array(9).fill(10), 9])
  })

  it('reads no more blobs once it is full, and puts back what it has not read, in order', async () => {
    await world.appendApart(...range(0, 99))
    const reader = readerOf({
      readLines: async (_, lines) =>
        new Map(lines.map((n) => [n, lineOfSize(archivedEventAt(n), MAX_BYTES / READS_AT_ONCE)])),
    })
    expect(linesOf(await reader.next(endless()))).toEqual(range(0, 15).map(String))
    expect(reads).toHaveLength(READS_AT_ONCE)
    expect(linesOf(await reader.next(endless()))).toEqual(range(16, 31).map(String))
  })

  it('reads one blob after its time, so that every window moves something', async () => {
    await world.appendApart(0, 1, 2)
    const reader = readerOf()
    const now = { untilMs: time.monotonicMs() }
    expect(linesOf(await reader.next(now))).toEqual(['0'])
    expect(linesOf(await reader.next(now))).toEqual(['1'])
    expect(reads).toHaveLength(2)
    expect(linesOf(await reader.next({ untilMs: now.untilMs + 1 }))).toEqual(['2'])
  })

  it('ends before the first row that is not wanted, and after as many as asked for', async () => {
    await world.append([0, 0], [1, 1], [2, 2], [3, 3])
    const reader = readerOf()
    expect(linesOf(await reader.next({ ...endless(), maxRows: 1 }))).toEqual(['0'])
    expect(linesOf(await reader.next({ ...endless(), wants: ({ lines }) => lines !== '2' }))).toEqual(['1'])
    expect(await windowsOf(reader)).toEqual([['2', '3']])
  })

  it('reads the lines of all its rows in a blob at once, each line once and in order', async () => {
    await world.append([4, 5], [3, 4])
    const { pending } = await readerOf().next(endless())
    expect(reads).toEqual([['v1/blob.jsonl.gz', [3, 4, 5]]])
    expect(pending.map(({ events }) => events.map(({ line }) => line))).toEqual([
      [3, 4],
      [4, 5],
    ])
  })

  it('is of rows listed before, and more are listed only once those are used up', async () => {
    await world.append(...range(0, LISTED).map((n) => [n, n] as const))
    const reader = readerOf()
    const untilUsedUp = LISTED / (await reader.next(endless())).rows.length
    for (let window = 1; window < untilUsedUp; window++) await reader.next(endless())
    expect(reader.eventsListed).toBe(LISTED)
    expect(linesOf(await reader.next(endless()))).toEqual([String(LISTED)])
    expect(reader.eventsListed).toBe(LISTED + 1)
  })

  it('begins with the rows put back, and lists those behind them once', async () => {
    await world.append([0, 0], [1, 1], [2, 2])
    const reader = readerOf()
    const { rows } = await reader.next({ ...endless(), maxRows: 2 })
    reader.putBack(rows)
    expect((await reader.first(Number.POSITIVE_INFINITY))?.lines).toBe('0')
    expect(await windowsOf(reader)).toEqual([['0', '1', '2']])
    expect(reader.eventsListed).toBe(3)
  })
})

describe('a row that cannot be read', () => {
  const gone = new Error('gone')

  it('is lost with its cause, and costs its neighbours of the same blob nothing', async () => {
    await world.append([0, 1], [2, 3], [4, 5])
    const { readLines } = world.deps
    const lost = unreadLines(readLines, (line) => line === 3, gone)
    const window = await readerOf({ readLines: lost }).next(endless())
    expect(linesOf(window)).toEqual(['0-1', '2-3', '4-5'])
    expect(window.pending.map(({ row }) => row.lines)).toEqual(['0-1', '4-5'])
    expect(window.lost.map(({ row, cause }) => [row.lines, cause])).toEqual([['2-3', gone]])
  })

  it.each([
    ['asArchived', 'lines that the blob does not have', undefined],
    ['renormalise', 'lines that the blob does not have', undefined],
    ['asArchived', 'a line of skipped messages', 'skipped'],
    ['renormalise', 'a line of skipped messages', 'skipped'],
  ] as const)('may be one that is to be delivered %s and points at %s', async (mode, _, kind) => {
    await appendChanged([1, 2], { mode, lines: '1-2', events: 2 })
    const { position, blob, line } = archivedEventAt(2)
    const places = { firstSequenceNumber: 2, lastSequenceNumber: 2, messages: 1, records: 1 }
    const second = kind === undefined ? [] : [[2, { kind, position, blob, line, ...places }] as const]
    const reader = readerOf({ readLines: async () => new Map([[1, lineOf(archivedEventAt(1))], ...second]) })
    const { pending, lost } = await reader.next(endless())
    expect([pending, lost.map(({ row }) => row.lines)]).toEqual([[], ['1-2', '1-2']])
  })
})

describe('rows put off', () => {
  const putOff = (numbers: readonly number[], byMs: number): Promise<void> =>
    appendChanged(numbers, { lookAgainAt: instant(time.now() + byMs) })

  it('come once they are due, behind all others, and until then are counted but not returned', async () => {
    await putOff([0], HOUR_MS)
    await putOff([1], 1)
    await putOff([2], 0)
    await world.append(...range(3, LISTED + 3).map((n) => [n, n] as const))
    const reader = readerOf()
    const lines = (await windowsOf(reader)).flat()
    expect(lines).toEqual([...range(3, LISTED + 3), 2].map(String))
    expect(reader.eventsListed).toBe(LISTED + 4)
    time.advance(1)
    expect((await windowsOf(readerOf())).flat().slice(-2)).toEqual(['1', '2'])
  })

  it('are listed as long as there is time, and by one listing at least', async () => {
    await putOff(range(0, 4 * LISTED - 1), HOUR_MS)
    await world.append([4 * LISTED, 4 * LISTED])
    let lists = 0
    const outbox = {
      async rows(...args: Parameters<typeof world.outbox.rows>) {
        lists += 1
        time.advance(1000)
        return world.outbox.rows(...args)
      },
    }
    const untilMs = time.monotonicMs() + 2000
    const reader = new PendingReader(world.outboxPartition, { ...world.deps, outbox })
    expect([await reader.first(untilMs), lists]).toEqual([undefined, 2])
    expect([await reader.first(untilMs), lists]).toEqual([undefined, 3])
    expect(linesOf(await reader.next({ untilMs: untilMs + HOUR_MS }))).toEqual([String(4 * LISTED)])
  })

  it('that are due are tried where time is over before all are listed, since otherwise no drain would get anywhere', async () => {
    await putOff(range(0, LISTED - 1), 0)
    await world.append([LISTED, LISTED])
    const reader = readerOf()
    expect((await reader.first(time.monotonicMs()))?.lines).toBe('0')
    expect((await windowsOf(reader)).flat()).toEqual(range(0, LISTED).map(String))
  })

  it('by a clock that was ahead, beyond what anybody would write, are due now', async () => {
    await putOff([0], HOUR_MS + 1)
    expect(await windowsOf(readerOf())).toEqual([['0']])
  })

  it('are kept in bounded number: more than a listing of them is left to the next drain', async () => {
    await putOff(range(0, LISTED), -1)
    const windows = await windowsOf(readerOf())
    expect(windows.flat()).toEqual(range(0, LISTED - 1).map(String))
  })
})
