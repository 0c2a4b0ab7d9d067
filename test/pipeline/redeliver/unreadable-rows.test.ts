import { beforeEach, describe, expect, it } from 'vitest'
import { pendingRows, replayPartitionOf } from '../../../shared/delivery/outbox/outbox.ts'
import { replayRows } from '../../../shared/delivery/outbox/replay-rows.ts'
import { failed } from '../../../shared/delivery/sink.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { NewerVersionError } from '../../../shared/domain/newer-version-error.ts'
import { type RedeliverDeps, redeliver } from '../../../shared/pipeline/redeliver/redeliver.ts'
import { archivedEventAt, eventIdAt } from '../../support/archived-event-at.ts'
import { HOUR_MS, pendingWorld, unreadLines } from '../../support/pending-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const MINUTE_MS = 60_000
const GONE = Object.assign(new Error(), { statusCode: 404, code: 'BlobNotFound' })
const id: (n: number) => string = eventIdAt
const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)

let time: VirtualTime
beforeEach(() => {
  time = virtualTime()
})

/**
 * A partition of pending deliveries; the archive lines of `lost` cannot be read, for the reason
 * given.
 */
function worldWithout(
  lost: readonly number[],
  error: Error = GONE,
  answer?: () => ReturnType<typeof failed>,
) {
  const sink = scriptedSink(answer === undefined ? {} : { answer })
  const world = pendingWorld(sink, time)
  const state = { error: error as Error | undefined, looks: 0, alarms: 0, ms: 0 }
  const deps: RedeliverDeps = {
    ...world.deps,
    readLines: (blob, lines, space) => {
      const { error: cause } = state
      if (cause === undefined) return world.deps.readLines(blob, lines, space)
      const looks = lines.filter((line) => lost.includes(line)).length
      state.looks += looks
      time.advance(state.ms * looks)
      return unreadLines(world.deps.readLines, (line) => lost.includes(line), cause)(blob, lines, space)
    },
    telemetry: {
      ...world.deps.telemetry,
      problem: (problem) => {
        expect(problem).toBe('rowUnreadable')
        state.alarms++
      },
    },
  }
  return { sink, world, state, drain: () => world.drain(deps), deps }
}

describe('a pending delivery whose pointer leads nowhere', () => {
  it.each([
    ['is gone', GONE, /is missing/],
    ['is in the archive tier', Object.assign(new Error(), { code: 'BlobArchived' }), /archive tier/],
    ['is torn', Object.assign(new Error(), { code: 'Z_BUF_ERROR' }), /is damaged/],
    [
      'has a name that is refused',
      Object.assign(new Error(), { statusCode: 400, code: 'InvalidUri' }),
      /requested/,
    ],
    [
      'has a name that is refused without a word',
      Object.assign(new Error(), { statusCode: 400 }),
      /status 400/,
    ],
    ['is in a conflict', Object.assign(new Error(), { statusCode: 409, code: 'NoSuchCode' }), /requested/],
    ['has a name of half a character', new URIError('URI malformed'), /does not hold/],
    ['holds something else', new InvariantError('no events'), /does not hold/],
    ['holds no JSON', new SyntaxError('Unexpected token'), /does not hold/],
    ['holds JSON of no line', new TypeError('undefined is no object'), /does not hold/],
  ])(
    'because the blob %s is pending with that reason, and what is behind it is delivered in order',
    async (_, error, reason) => {
      const { sink, world, state, drain } = worldWithout([3, 4], error)
      await world.append([1, 2], [3, 4], [5, 6])
      await drain()
      await world.append([7, 8])
      await drain()
      expect(sink.taken).toEqual([1, 2, 5, 6, 7, 8].map(id))
      expect(state.alarms).toBe(1)
      const [row, ...others] = await world.outbox.rows(world.outboxPartition, 10)
      expect(others).toEqual([])
      expect(row).toMatchObject({ lines: '3-4', attempts: 1, lastFault: { code: 'archiveUnreadable' } })
      expect(row?.lastFault?.message).toMatch(reason)
      expect(row?.lastFault?.message).toContain('v1/blob.jsonl.gz')
      expect(world.deadLetters).toEqual([])
    },
  )

  it.each([
    [401, 'NoAuthenticationInformation'],
    [403, 'AuthorizationPermissionMismatch'],
    [404, 'ContainerNotFound'],
    [408, 'OperationTimedOut'],
    [409, 'ContainerBeingDeleted'],
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServerBusy'],
    [undefined, 'ECONNREFUSED'],
  ])('is not held against the blob when the storage says %s %s', async (statusCode, code) => {
    const error = Object.assign(new Error(), { statusCode, code })
    const { world, state, drain } = worldWithout([3, 4], error)
    await world.append([3, 4])
    await expect(drain()).rejects.toBe(error)
    expect(state.alarms).toBe(0)
    expect(await world.pending()).toEqual(['3-4'])
  })

  it('is looked at and alarmed less and less often, every minute at first and every hour at last', async () => {
    const { world, state, drain } = worldWithout([1])
    await world.append([1, 1])
    const looksAt: number[] = []
    for (let minute = 0; minute <= 6 * 60; minute++) {
      const before = state.looks
      await drain()
      if (state.looks > before) looksAt.push(minute)
      time.advance(MINUTE_MS)
    }
    expect(looksAt).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 124, 184, 244, 304])
    expect(state.alarms).toBe(looksAt.length)
    expect(world.wakeUpsSent, 'the sweep comes back, nobody wake-ups').toEqual([])
  })

  it.each([
    ['a minute', 'where it is new', 0, GONE, MINUTE_MS],
    ['as long as it is old', 'where that is less than an hour', 59 * MINUTE_MS, GONE, 59 * MINUTE_MS],
    ['an hour', 'where it is older', 71 * HOUR_MS, GONE, HOUR_MS],
    ['until the age limit', 'where that comes first', 72 * HOUR_MS - MINUTE_MS, GONE, MINUTE_MS + 1],
    ['an hour', 'where it is past the age limit', 72 * HOUR_MS + 1, new NewerVersionError('v2'), HOUR_MS],
    ['a minute', 'where it comes from a clock that is ahead', -HOUR_MS, GONE, MINUTE_MS],
  ])('is put off for %s %s', async (_, __, ageMs, error, waitMs) => {
    const { world, drain } = worldWithout([1], error)
    const refused = [{ archived: archivedEventAt(1), fault: transientFault('unavailable', 'down') }]
    time.advance(73 * HOUR_MS)
    await world.outbox.append(
      world.outboxPartition,
      pendingRows(refused, instant(time.now() - ageMs)).map((row) => ({
        ...row,
        enqueuedAt: instant(time.now() - Math.max(0, ageMs)),
      })),
    )
    await drain()
    expect((await world.outbox.rows(world.outboxPartition, 1))[0]?.lookAgainAt).toBe(time.now() + waitMs)
  })

  it('is a dead letter once it is past the age limit, one a line, and pending no more', async () => {
    const { world, drain } = worldWithout([3, 4])
    await world.append([3, 4])
    const triedAt = time.now()
    for (let hour = 0; hour <= 72; hour++) {
      await drain()
      time.advance(HOUR_MS)
    }
    await drain()
    expect(await world.pending()).toEqual([])
    expect(world.deadLetters).toMatchObject(
      [3, 4].map((line) => ({
        line,
        sink: 'scripted',
        blob: 'v1/blob.jsonl.gz',
        fault: { code: 'archiveUnreadable', scope: 'sink' },
        position: {
          namespace: 'ns',
          hub: 'hub',
          partition: '0',
          sequenceNumber: 3,
          offset: '',
          enqueuedAt: archivedEventAt(3).position.enqueuedAt,
        },
        ordinal: 0,
        digest: 'unknown',
        firstTriedAt: triedAt,
      })),
    )
    expect(world.deadLetters.every((deadLetter) => deadLetter.deadLetteredAt - triedAt > 72 * HOUR_MS)).toBe(
      true,
    )
    expect(world.receipts.map((r) => [r.lines, r.tally.deadLettered, r.tally.pending])).toEqual([
      ['3-4', 2, 0],
    ])
  })

  it('is dead-lettered for that, and not for the sink, when the sink is down too', async () => {
    const down = failed(transientFault('unavailable', 'down', { status: 503 }))
    const { world, drain } = worldWithout([3], GONE, () => down)
    await world.append([1, 1], [3, 3])
    time.advance(73 * HOUR_MS)
    await drain()
    expect(world.deadLetters.map((deadLetter) => [deadLetter.line, deadLetter.fault.code])).toEqual(
      expect.arrayContaining([
        [1, 'deliveryExpired'],
        [3, 'archiveUnreadable'],
      ]),
    )
    expect(await world.pending()).toEqual([])
  })

  it('is delivered when the blob is back, an hour later at most', async () => {
    const { sink, world, state, drain } = worldWithout([1])
    await world.append([1, 1])
    for (let hour = 0; hour < 50; hour++) {
      await drain()
      time.advance(HOUR_MS)
    }
    await drain()
    state.error = undefined
    time.advance(HOUR_MS)
    await world.append([2, 2])
    await drain()
    expect(sink.taken, 'what never was unreadable first').toEqual([id(2), id(1)])
    expect(await world.pending()).toEqual([])
    expect(world.deadLetters).toEqual([])
  })

  it('starves nothing behind it, however many there are and however long each look takes', async () => {
    const lost = range(0, 199)
    const { sink, world, state, drain } = worldWithout(lost)
    state.ms = 500
    await world.appendApart(...lost, 200)
    let drains = 0
    while (sink.taken.length === 0 && drains < 20) {
      await drain()
      drains++
    }
    expect(sink.taken).toEqual([id(200)])
    // 40 looks fit into a budget of 20 s; every look is of another row until all are set aside.
    expect(drains).toBeLessThanOrEqual(7)
    expect(state.alarms, 'one a drain').toBe(drains)
  })

  it('does not keep a drain busy: while it is not due nothing is read, sent or woken up for', async () => {
    const { sink, world, state, drain } = worldWithout(range(0, 199))
    await world.append(...range(0, 199).map((n) => [n, n] as const))
    await drain()
    const looks = state.looks
    expect(looks).toBe(200)
    for (let i = 0; i < 5; i++) await drain()
    expect(state.looks).toBe(looks)
    expect([sink.requests, world.wakeUpsSent]).toEqual([[], []])
  })

  it('is reported in the line of a drain: what is set aside is pending', async () => {
    const { world, deps } = worldWithout([1, 2])
    await world.append([1, 2])
    const told: number[] = []
    const telemetry = {
      ...deps.telemetry,
      partitionDrained: (drained: { stillPending: number }) => told.push(drained.stillPending),
    }
    await world.drain({ ...deps, telemetry })
    time.advance(30_000)
    await world.drain({ ...deps, telemetry })
    expect(told).toEqual([2, 2])
  })

  it('waits for a newer program where that one wrote the lines, however long', async () => {
    const { sink, world, state, drain } = worldWithout([1], new NewerVersionError('version 2'))
    await world.append([1, 1], [2, 2])
    for (let hour = 0; hour < 24 * 14; hour += 12) {
      await drain()
      time.advance(12 * HOUR_MS)
    }
    expect(sink.taken).toEqual([id(2)])
    expect(world.deadLetters).toEqual([])
    expect((await world.outbox.rows(world.outboxPartition, 2))[0]?.lastFault?.message).toMatch(
      /newer version/,
    )
    state.error = undefined
    await drain()
    expect(sink.taken).toEqual([id(2), id(1)])
  })

  it('that an operator asked for is dead-lettered as what was asked for, with its place in the stream', async () => {
    const { world, deps } = worldWithout([5])
    const outboxPartition = replayPartitionOf('scripted', archivedEventAt(5).position)
    const askedAt = instant(time.now())
    const pointer = { blob: 'v1/blob.jsonl.gz', line: 5, position: archivedEventAt(5).position }
    await world.outbox.append(outboxPartition, replayRows([pointer], 'asArchived', askedAt))
    time.advance(73 * HOUR_MS)
    await redeliver(outboxPartition, deps)
    expect(world.deadLetters).toMatchObject([
      { line: 5, position: { partition: '0', sequenceNumber: 5 }, replay: { mode: 'asArchived', askedAt } },
    ])
    expect(await world.outbox.rows(outboxPartition, 1)).toEqual([])
  })
})
