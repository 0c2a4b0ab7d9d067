import { beforeEach, describe, expect, it } from 'vitest'
import { type Outbox, outboxPartitionOf, pendingRows } from '../../../shared/delivery/outbox/outbox.ts'
import { PendingMemory } from '../../../shared/delivery/outbox/pending-memory.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { memoryOutbox } from '../../support/memory-outbox.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
const outboxPartition = outboxPartitionOf('webhook', archivedEventAt(0).position)
const range = (n: number) => ({ first: archivedEventAt(n).position, last: archivedEventAt(n).position })

let time: VirtualTime
let outbox: Outbox
let memory: PendingMemory
let asked: number
let next: number
beforeEach(() => {
  time = virtualTime()
  outbox = memoryOutbox(time)
  memory = new PendingMemory()
  asked = 0
  next = 0
})

const counted: Pick<Outbox, 'pendingUntil'> = {
  pendingUntil(of) {
    asked++
    return outbox.pendingUntil(of)
  },
}

/** Takes in chunk after chunk, as fast as it goes: each is pending if something before it is. */
async function takeIn(chunks: number): Promise<void> {
  for (let i = 0; i < chunks; i++) {
    const n = next++
    const isPending = await memory.hasPending(outboxPartition, range(n), counted, time)
    if (isPending)
      await outbox.append(
        outboxPartition,
        pendingRows([{ archived: archivedEventAt(n), fault: DOWN }], instant(time.now())),
      )
    memory.note(outboxPartition, range(n), isPending)
  }
}

/** A drain that fails, and puts the partition off. */
async function putOff(ms: number): Promise<void> {
  const lease = await outbox.acquire(outboxPartition, 1000)
  if (lease !== undefined) await outbox.release(lease, instant(time.now() + ms))
}

const appendPending = () =>
  outbox.append(
    outboxPartition,
    pendingRows([{ archived: archivedEventAt(next++), fault: DOWN }], instant(time.now())),
  )

describe('what a process knows of a sink’s pending deliveries', () => {
  it('does not ask the ledger for every chunk of an outage, but once for each time that the partition is put off', async () => {
    await appendPending()
    for (let i = 0; i < 5; i++) {
      await putOff(60_000)
      await takeIn(200)
      time.advance(60_000)
    }
    expect(asked).toBe(5)
  })

  it('asks again as soon as the partition may be drained, and sends directly once it is', async () => {
    await appendPending()
    await putOff(60_000)
    await takeIn(10)
    time.advance(60_000)
    await outbox.remove(outboxPartition, await outbox.rows(outboxPartition, 100))
    await takeIn(10)
    expect(await outbox.pendingUntil(outboxPartition)).toBeUndefined()
    expect(asked).toBe(2)
  })

  it('asks for every chunk while a drain is at it: that may be done at any moment', async () => {
    await appendPending()
    await outbox.acquire(outboxPartition, 35_000)
    await takeIn(10)
    expect(asked).toBe(10)
  })

  it.each([3_600_000, -3_600_000])(
    'does not take a clock that is set by %i ms for time that has passed',
    async (byMs) => {
      await appendPending()
      await putOff(60_000)
      await takeIn(1)
      time.set(byMs)
      await takeIn(50)
      expect(asked).toBe(1)
      time.advance(60_000)
      await takeIn(1)
      expect(asked).toBe(2)
    },
  )

  it('asks at first, after a gap, and for each partition by itself', async () => {
    const onOther = { ...outboxPartition, partition: '1' }
    const looked = async (of: typeof outboxPartition, n: number): Promise<number> => {
      const before = asked
      await memory.hasPending(of, range(n), counted, time)
      return asked - before
    }
    expect(await looked(outboxPartition, 0)).toBe(1)
    memory.note(outboxPartition, range(0), false)
    expect(await looked(outboxPartition, 1)).toBe(0)
    expect(await looked(outboxPartition, 2)).toBe(1)
    expect(await looked(onOther, 1)).toBe(1)
  })

  it('takes a range that held nothing for the sink for no gap, but a range after a gap for one', async () => {
    memory.note(outboxPartition, range(0), false)
    memory.pass(outboxPartition, range(1))
    expect(await memory.hasPending(outboxPartition, range(2), counted, time)).toBe(false)
    expect(asked).toBe(0)
    memory.pass(outboxPartition, range(3))
    await memory.hasPending(outboxPartition, range(4), counted, time)
    expect(asked).toBe(1)
  })

  it('knows nothing yet after a first range that held nothing for the sink', async () => {
    await appendPending()
    memory.pass(outboxPartition, range(1))
    expect(await memory.hasPending(outboxPartition, range(2), counted, time)).toBe(true)
  })

  it('does not forget over such a range that something is pending', async () => {
    await appendPending()
    memory.note(outboxPartition, range(0), true)
    memory.pass(outboxPartition, range(1))
    expect(await memory.hasPending(outboxPartition, range(2), counted, time)).toBe(true)
  })
})
