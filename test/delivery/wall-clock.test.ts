import { beforeEach, describe, expect, it } from 'vitest'
import { DuplicateWindow } from '../../shared/delivery/dedup/duplicate-window.ts'
import { noStep } from '../../shared/delivery/failpoint.ts'
import type { Outbox } from '../../shared/delivery/outbox/outbox.ts'
import { OwingMemory } from '../../shared/delivery/outbox/pending-memory.ts'
import { Breaker, breakerPolicy } from '../../shared/delivery/send/breaker.ts'
import { failed } from '../../shared/delivery/sink.ts'
import { type Lane, type LaneReport, settleAtSink } from '../../shared/delivery/sink-pipeline.ts'
import type { ArchivedEvent } from '../../shared/domain/exported-event.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import { healthChecks } from '../../shared/operations/health.ts'
import { memoryOutbox } from '../support/memory-outbox.ts'
import { placedRange } from '../support/placed-events.ts'
import { type ScriptedSink, type ScriptedSinkOptions, scriptedSink } from '../support/scripted-sink.ts'
import { type VirtualTime, virtualTime } from '../support/virtual-time.ts'

const YEAR_MS = 365 * 24 * 3_600_000
const DAY_MS = 24 * 3_600_000
const down = failed(transientFault('unavailable', 'down', { status: 503 }))

let time: VirtualTime
let outbox: Outbox
beforeEach(() => {
  time = virtualTime()
  outbox = memoryOutbox(time)
})

function laneTo(options: ScriptedSinkOptions): Lane & { readonly sink: ScriptedSink } {
  const sink = scriptedSink(options)
  return {
    sink,
    accepts: () => true,
    breaker: new Breaker(breakerPolicy(1000)),
    window: new DuplicateWindow(),
    owing: new OwingMemory(),
  }
}

const settle = (lane: Lane, from: number, to: number): Promise<LaneReport> =>
  settleEvents(lane, placedRange(from, to))

function settleEvents(lane: Lane, events: readonly ArchivedEvent[]): Promise<LaneReport> {
  const [first, last] = [events[0]?.position, events.at(-1)?.position]
  if (first === undefined || last === undefined) throw new Error('no events')
  return settleAtSink(
    lane,
    { events, stretch: { first, last }, mark: undefined, encode: (archived) => lane.sink.encode(archived) },
    {
      outbox,
      doorbell: { ring: async () => undefined },
      deadLetters: { bury: async () => undefined },
      patienceMs: 1000,
      backoff: { baseMs: 100, maxMs: 400 },
      time,
      onRingLost: () => undefined,
      onStep: noStep,
    },
  )
}

describe.each([
  ['a year ahead', YEAR_MS],
  ['a day back', -DAY_MS],
])('a wall clock that is set %s in the middle of it', (_, byMs) => {
  it('ends no delivery, and does not count as time that the sink took', async () => {
    const lane = laneTo({
      maxEvents: 1,
      answer: (_ids, request) => {
        if (request === 1) time.set(byMs)
        return undefined
      },
    })
    const { delivered, tookMs } = await settle(lane, 1, 3)
    expect(delivered).toHaveLength(3)
    expect(tookMs).toBe(0)
    await settle(lane, 4, 4)
    expect(lane.breaker.isOpen).toBe(false)
  })

  it('keeps no breaker open longer than it was to be', async () => {
    const state = { broken: true }
    const lane = laneTo({ answer: () => (state.broken ? down : undefined) })
    time.set(byMs)
    await settle(lane, 1, 1)
    await outbox.remove(pageOfSink(lane), await outbox.rows(pageOfSink(lane), 10))
    await settle(lane, 2, 2)
    await outbox.remove(pageOfSink(lane), await outbox.rows(pageOfSink(lane), 10))
    expect(lane.breaker.isOpen).toBe(true)
    time.set(-byMs)
    time.advance(2000)
    state.broken = false
    expect((await settle(lane, 3, 3)).delivered).toHaveLength(1)
  })

  it('does not have the duplicate window forget', async () => {
    const lane = laneTo({})
    await settle(lane, 1, 3)
    time.set(byMs)
    const again = placedRange(1, 3).map((archived) => ({
      ...archived,
      position: { ...archived.position, sequenceNumber: archived.position.sequenceNumber + 100 },
    }))
    expect((await settleEvents(lane, again)).tally).toMatchObject({ delivered: 0, duplicate: 3 })
  })

  it('neither keeps an old answer about health nor asks at each call', async () => {
    let asked = 0
    const check = async () => {
      asked++
      return undefined
    }
    const health = healthChecks([{ name: 'one', check }], time)
    await health()
    time.set(byMs)
    await health()
    expect(asked).toBe(1)
    time.advance(30_000)
    await health()
    expect(asked).toBe(2)
  })
})

const pageOfSink = (lane: Lane) => ({ sink: lane.sink.name, namespace: 'ns', hub: 'hub', partition: '0' })
