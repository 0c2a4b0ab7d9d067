import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergedWakeUps } from '../../../shared/delivery/outbox/merged-wake-ups.ts'
import {
  type OutboxPartition,
  outboxPartitionOf,
  type WakeUps,
} from '../../../shared/delivery/outbox/outbox.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const outboxPartition = (partition: string): OutboxPartition => ({
  ...outboxPartitionOf('webhook', archivedEventAt(0).position),
  partition,
})

interface Put {
  readonly partition: string
  readonly atMs: number
  readonly dueAtMs: number
}

function bell() {
  const time = virtualTime(0)
  const puts: Put[] = []
  const state = { broken: false }
  const queue: WakeUps = {
    async send({ partition }, delayMs) {
      if (state.broken) throw new Error('The queue does not answer.')
      puts.push({ partition, atMs: time.now(), dueAtMs: time.now() + delayMs })
    },
  }
  return { time, puts, state, queue }
}

describe('wake-ups for pending delivery after pending delivery', () => {
  it('are one at once, and one at the end of the second for all that follow in it', async () => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    for (const waitMs of [0, 100, 300, 599]) {
      time.advance(waitMs)
      await merged.send(outboxPartition('0'), 0)
    }
    expect(puts.map((put) => put.dueAtMs)).toEqual([0, 1000])
  })

  it('are one at once again after a quiet second', async () => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    await merged.send(outboxPartition('0'), 0)
    time.advance(1000)
    await merged.send(outboxPartition('0'), 0)
    expect(puts.map((put) => put.dueAtMs)).toEqual([0, 1000])
  })

  it('do not share a wake-up that may have been answered in this very millisecond', async () => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    await merged.send(outboxPartition('0'), 0)
    time.advance(500)
    await merged.send(outboxPartition('0'), 0)
    time.advance(500)
    await merged.send(outboxPartition('0'), 0)
    expect(puts.map((put) => put.dueAtMs)).toEqual([0, 1000, 2000])
  })

  it('fail together with the wake-up that they share, and the next is put anew', async () => {
    const { time, puts, state, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    await merged.send(outboxPartition('0'), 0)
    time.advance(10)
    state.broken = true
    const shared = [merged.send(outboxPartition('0'), 0), merged.send(outboxPartition('0'), 0)]
    expect((await Promise.allSettled(shared)).map((end) => end.status)).toEqual(['rejected', 'rejected'])
    state.broken = false
    await merged.send(outboxPartition('0'), 0)
    expect(puts).toHaveLength(2)
  })

  it('are not shared by partitions whose names run together alike', async () => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    await merged.send({ ...outboxPartition('11'), hub: 'hub' }, 0)
    await merged.send({ ...outboxPartition('1'), hub: 'hub1' }, 0)
    expect(puts.map((put) => put.dueAtMs)).toEqual([0, 0])
  })

  it('are one at the end of the second although one before them fails late', async () => {
    const { time, puts, queue } = bell()
    let fail: (cause: Error) => void = () => undefined
    const late = new Promise<void>((_, reject) => {
      fail = reject
    })
    const merged = mergedWakeUps(
      { send: (to, delayMs) => (time.now() === 0 ? late : queue.send(to, delayMs)) },
      time,
    )
    const first = merged.send(outboxPartition('0'), 0)
    time.advance(1000)
    await merged.send(outboxPartition('0'), 0)
    fail(new Error('The queue does not answer.'))
    await expect(first).rejects.toThrow('does not answer')
    await merged.send(outboxPartition('0'), 0)
    expect(puts.map((put) => put.dueAtMs)).toEqual([1000, 2000])
  })

  it('that are to be delayed are left as they are', async () => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    await merged.send(outboxPartition('0'), 5000)
    await merged.send(outboxPartition('0'), 0)
    expect(puts.map((put) => put.dueAtMs)).toEqual([5000, 0])
  })

  it.each([-3_600_000, 3_600_000])('do not care that the clock was set by %i ms', async (byMs) => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time)
    await merged.send(outboxPartition('0'), 0)
    time.set(byMs)
    await merged.send(outboxPartition('0'), 0)
    await merged.send(outboxPartition('0'), 0)
    expect(puts.map((put) => put.dueAtMs - put.atMs)).toEqual([0, 1000])
  })

  it('are remembered for so many partitions and no more', async () => {
    const { time, puts, queue } = bell()
    const merged = mergedWakeUps(queue, time, { intervalMs: 1000, maxPartitions: 2 })
    for (const partition of ['0', '1', '2', '1', '2', '0']) {
      time.advance(1)
      await merged.send(outboxPartition(partition), 0)
    }
    const delayed = puts.filter((put) => put.dueAtMs > put.atMs).map((put) => put.partition)
    expect(delayed).toEqual(['1', '2'])
  })

  it('always leave one under way that dues after the pending delivery, within a second, and never two in one second', async () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 1500 }),
      partition: fc.constantFrom('0', '1'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { time, puts, queue } = bell()
        const merged = mergedWakeUps(queue, time)
        for (const { waitMs, partition } of steps) {
          time.advance(waitMs)
          const nowMs = time.now()
          const before = puts.length
          await merged.send(outboxPartition(partition), 0)
          const answers = puts.filter(
            (put, i) => put.partition === partition && (i >= before || put.dueAtMs > nowMs),
          )
          expect(answers.some((put) => put.dueAtMs <= nowMs + 1000)).toBe(true)
        }
        for (const partition of ['0', '1']) {
          const dues = puts.filter((put) => put.partition === partition).map((put) => put.dueAtMs)
          for (const [i, dueAtMs] of dues.entries())
            expect(dueAtMs - (dues[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(1000)
        }
      }),
    )
  })
})
