import { beforeEach, describe, expect, it } from 'vitest'
import { type Outbox, owedRows, pageOf } from '../../../shared/delivery/outbox/outbox.ts'
import { OwingMemory } from '../../../shared/delivery/outbox/pending-memory.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { memoryOutbox } from '../../support/memory-outbox.ts'
import { placed } from '../../support/placed-events.ts'
import { type VirtualTime, virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')
const page = pageOf('webhook', placed(0).position)
const stretch = (n: number) => ({ first: placed(n).position, last: placed(n).position })

let time: VirtualTime
let outbox: Outbox
let memory: OwingMemory
let asked: number
let next: number
beforeEach(() => {
  time = virtualTime()
  outbox = memoryOutbox(time)
  memory = new OwingMemory()
  asked = 0
  next = 0
})

const counted: Pick<Outbox, 'owes'> = {
  owes(of) {
    asked++
    return outbox.owes(of)
  },
}

/** Takes in chunk after chunk, as fast as it goes: each is owed if something before it is. */
async function takeIn(chunks: number): Promise<void> {
  for (let i = 0; i < chunks; i++) {
    const n = next++
    const owes = await memory.owes(page, stretch(n), counted, time)
    if (owes) await outbox.append(page, owedRows([{ archived: placed(n), fault: DOWN }], instant(time.now())))
    memory.note(page, stretch(n), owes)
  }
}

/** A drain that fails, and puts the page off. */
async function putOff(ms: number): Promise<void> {
  const lease = await outbox.acquire(page, 1000)
  if (lease !== undefined) await outbox.release(lease, instant(time.now() + ms))
}

const owe = () =>
  outbox.append(page, owedRows([{ archived: placed(next++), fault: DOWN }], instant(time.now())))

describe('what a process knows of a sink’s debts', () => {
  it('does not ask the ledger for every chunk of an outage, but once for each time that the page is put off', async () => {
    await owe()
    for (let i = 0; i < 5; i++) {
      await putOff(60_000)
      await takeIn(200)
      time.advance(60_000)
    }
    expect(asked).toBe(5)
  })

  it('asks again as soon as the page may be drained, and sends directly once it is', async () => {
    await owe()
    await putOff(60_000)
    await takeIn(10)
    time.advance(60_000)
    await outbox.remove(page, await outbox.rows(page, 100))
    await takeIn(10)
    expect(await outbox.owes(page)).toBeUndefined()
    expect(asked).toBe(2)
  })

  it('asks for every chunk while a drain is at it: that may be done at any moment', async () => {
    await owe()
    await outbox.acquire(page, 35_000)
    await takeIn(10)
    expect(asked).toBe(10)
  })

  it.each([3_600_000, -3_600_000])(
    'does not take a clock that is set by %i ms for time that has passed',
    async (byMs) => {
      await owe()
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
    const onOther = { ...page, partition: '1' }
    const looked = async (of: typeof page, n: number): Promise<number> => {
      const before = asked
      await memory.owes(of, stretch(n), counted, time)
      return asked - before
    }
    expect(await looked(page, 0)).toBe(1)
    memory.note(page, stretch(0), false)
    expect(await looked(page, 1)).toBe(0)
    expect(await looked(page, 2)).toBe(1)
    expect(await looked(onOther, 1)).toBe(1)
  })

  it('takes a stretch that held nothing for the sink for no gap, but a stretch after a gap for one', async () => {
    memory.note(page, stretch(0), false)
    memory.pass(page, stretch(1))
    expect(await memory.owes(page, stretch(2), counted, time)).toBe(false)
    expect(asked).toBe(0)
    memory.pass(page, stretch(3))
    await memory.owes(page, stretch(4), counted, time)
    expect(asked).toBe(1)
  })

  it('does not forget over such a stretch that something is owed', async () => {
    await owe()
    memory.note(page, stretch(0), true)
    memory.pass(page, stretch(1))
    expect(await memory.owes(page, stretch(2), counted, time)).toBe(true)
  })
})
