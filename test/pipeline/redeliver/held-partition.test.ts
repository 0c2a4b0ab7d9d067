import { beforeEach, describe, expect, it } from 'vitest'
import { outboxPartitionOf } from '../../../shared/delivery/outbox/outbox.ts'
import { HeldPartition } from '../../../shared/pipeline/redeliver/held-partition.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { memoryOutbox } from '../../support/memory-outbox.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const BUDGET_MS = 20_000
const outboxPartition = outboxPartitionOf('scripted', archivedEventAt(0).position)

let time: VirtualTime
let over: AbortController
beforeEach(() => {
  time = virtualTime()
  over = new AbortController()
})

/** An outbox partition taken for this long, and how often it was taken again. */
async function held(leaseMs: number) {
  const outbox = memoryOutbox(time)
  const lease = await outbox.acquire(outboxPartition, leaseMs)
  if (lease === undefined) throw new Error('no lease')
  const state = { renewals: 0 }
  const hold = new HeldPartition(lease, { budgetMs: BUDGET_MS, leaseMs }, over.signal, {
    outbox: {
      renew(...args) {
        state.renewals++
        return outbox.renew(...args)
      },
    },
    time: { monotonicMs: () => time.monotonicMs() },
  })
  return { hold, outbox, state }
}

describe('another window may be begun', () => {
  it('as long as the longest so far would end before the budget does, and the last part is not for sending', async () => {
    const { hold } = await held(2 * BUDGET_MS)
    expect([hold.sendUntilMs, hold.deadlineMs].map((ms) => ms - time.monotonicMs())).toEqual([
      0.9 * BUDGET_MS,
      BUDGET_MS,
    ])
    hold.took(5000)
    hold.took(1000)
    time.advance(BUDGET_MS - 5000 - 1)
    expect(await hold.mayGoOn()).toBe(true)
    time.advance(1)
    expect(await hold.mayGoOn()).toBe(false)
    hold.endSending()
    time.advance(5000 - 1)
    expect(await hold.mayGoOn(), 'what sends nothing is quick').toBe(true)
    time.advance(1)
    expect(await hold.mayGoOn()).toBe(false)
  })

  it('not once the process is to end', async () => {
    const { hold } = await held(2 * BUDGET_MS)
    expect(await hold.mayGoOn()).toBe(true)
    over.abort()
    expect(await hold.mayGoOn()).toBe(false)
  })

  it('with the lease taken again each time that half of it is over, so that nobody else takes it', async () => {
    const { hold, outbox, state } = await held(1000)
    for (let ms = 0; ms < 10_000; ms += 100) {
      expect(await hold.mayGoOn()).toBe(true)
      expect(await outbox.acquire(outboxPartition, 1000)).toBeUndefined()
      expect(state.renewals).toBe(Math.floor(ms / 500))
      time.advance(100)
    }
    if (hold.lease !== undefined) await outbox.release(hold.lease, undefined)
    expect(await outbox.acquire(outboxPartition, 1000), 'given back by the newest lease').toBeDefined()
  })

  it('not once another drain has it, whatever time is left', async () => {
    const { hold, outbox } = await held(1000)
    time.advance(1000)
    expect(await outbox.acquire(outboxPartition, 1000)).toBeDefined()
    expect(await hold.mayGoOn()).toBe(false)
    expect(hold.lease).toBeUndefined()
    expect(await hold.mayGoOn()).toBe(false)
  })
})
