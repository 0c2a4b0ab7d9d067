import { beforeEach, describe, expect, it } from 'vitest'
import type { Outbox } from '../../shared/delivery/outbox/outbox.ts'
import type { SinkReport } from '../../shared/delivery/receipts/receipt.ts'
import { failed } from '../../shared/delivery/sink.ts'
import type { SinkPipeline } from '../../shared/delivery/sink-pipeline.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import { healthChecks } from '../../shared/operations/health.ts'
import { archivedEventsAt } from '../support/archived-event-at.ts'
import { memoryOutbox } from '../support/memory-outbox.ts'
import { type ScriptedSinkOptions, scriptedSink } from '../support/scripted-sink.ts'
import { freshPipeline, settleDeps, settleEvents } from '../support/settle-events.ts'
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

const pipelineTo = (options: ScriptedSinkOptions) => freshPipeline(scriptedSink(options))

const settle = (pipeline: SinkPipeline, from: number, to: number): Promise<SinkReport> =>
  settleEvents(pipeline, archivedEventsAt(from, to), settleDeps(time, outbox))

describe.each([
  ['a year ahead', YEAR_MS],
  ['a day back', -DAY_MS],
])('a wall clock that is set %s in the middle of it', (_, byMs) => {
  it('ends no delivery, and does not count as time that the sink took', async () => {
    const pipeline = pipelineTo({
      maxEvents: 1,
      answer: (_ids, request) => {
        if (request === 1) time.set(byMs)
        return undefined
      },
    })
    const { tally, tookMs } = await settle(pipeline, 1, 3)
    expect(tally.delivered).toBe(3)
    expect(tookMs).toBe(0)
    await settle(pipeline, 4, 4)
    expect(pipeline.breaker.isOpen).toBe(false)
  })

  it('keeps no breaker open longer than it was to be', async () => {
    const state = { broken: true }
    const pipeline = pipelineTo({ answer: () => (state.broken ? down : undefined) })
    time.set(byMs)
    await settle(pipeline, 1, 1)
    await outbox.remove(partitionOfSink(pipeline), await outbox.rows(partitionOfSink(pipeline), 10))
    await settle(pipeline, 2, 2)
    await outbox.remove(partitionOfSink(pipeline), await outbox.rows(partitionOfSink(pipeline), 10))
    expect(pipeline.breaker.isOpen).toBe(true)
    time.set(-byMs)
    time.advance(2000)
    state.broken = false
    expect((await settle(pipeline, 3, 3)).tally.delivered).toBe(1)
  })

  it('does not have the duplicate window forget', async () => {
    const pipeline = pipelineTo({})
    await settle(pipeline, 1, 3)
    time.set(byMs)
    const again = archivedEventsAt(1, 3).map((archived) => ({
      ...archived,
      position: { ...archived.position, sequenceNumber: archived.position.sequenceNumber + 100 },
    }))
    expect((await settleEvents(pipeline, again, settleDeps(time, outbox))).tally).toMatchObject({
      delivered: 0,
      duplicate: 3,
    })
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

const partitionOfSink = (pipeline: SinkPipeline) => ({
  sink: pipeline.sink.name,
  namespace: 'ns',
  hub: 'hub',
  partition: '0',
})
