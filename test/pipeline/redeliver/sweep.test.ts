import { expect, it } from 'vitest'
import { outboxPartitionOf, pendingRows, type WakeUps } from '../../../shared/delivery/outbox/outbox.ts'
import { DurabilityError } from '../../../shared/domain/durability-error.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { type SweepDeps, sweep } from '../../../shared/pipeline/redeliver/sweep.ts'
import type { PendingAtSink } from '../../../shared/telemetry/telemetry.ts'
import { archivedEventAt, archivedEventsAt } from '../../support/archived-event-at.ts'
import { memoryOutbox } from '../../support/memory-outbox.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const DOWN = transientFault('unavailable', 'down')

function sweepWorld() {
  const time = virtualTime()
  const outbox = memoryOutbox(time)
  const wakeUpSent: string[] = []
  const told: (readonly PendingAtSink[])[] = []
  const problems: string[] = []
  const deps: SweepDeps = {
    outbox,
    wakeUps: {
      async send(outboxPartition) {
        wakeUpSent.push(outboxPartition.sink)
      },
    },
    sinks: new Map(),
    telemetry: {
      pendingAtSinks: (pending) => told.push(pending),
      problem: (problem) => problems.push(problem),
    },
    time,
  }
  return {
    time,
    outbox,
    wakeUpSent,
    told,
    problems,
    append: (sink: string, from: number, to: number) =>
      outbox.append(
        outboxPartitionOf(sink, archivedEventAt(0).position),
        pendingRows(
          archivedEventsAt(from, to).map((archived) => ({ archived, fault: DOWN })),
          instant(time.now()),
        ),
      ),
    deps,
    run: (sinks: readonly string[], wakeUps: WakeUps = deps.wakeUps) =>
      sweep({ ...deps, wakeUps, sinks: new Map(sinks.map((sink) => [sink, {}])) }),
  }
}

it('tells of every sink what is pending and for how long, of a sink that is off too', async () => {
  const world = sweepWorld()
  await world.append('webhook', 1, 10)
  world.time.advance(60_000)
  await world.append('webhook', 11, 12)
  await world.append('log-analytics', 1, 3)
  world.time.advance(1000)
  await world.run(['webhook', 'other'])
  expect(world.told).toEqual([
    [
      { sink: 'webhook', events: 12, oldestMs: 61_000 },
      { sink: 'other', events: 0, oldestMs: 0 },
      { sink: 'log-analytics', events: 3, oldestMs: 1000 },
    ],
  ])
})

it('sends the wake-ups behind one that cannot be sent, and says that this one could not', async () => {
  const world = sweepWorld()
  await world.append('log-analytics', 1, 1)
  await world.append('webhook', 1, 1)
  const sent: string[] = []
  const send = async ({ sink }: { readonly sink: string }): Promise<void> => {
    if (sink === 'log-analytics') throw new Error('no queue')
    sent.push(sink)
  }
  await expect(world.run(['webhook', 'log-analytics'], { send })).rejects.toThrow('no queue')
  expect(sent).toEqual(['webhook'])
})

it('sends wake-ups for what nobody holds, and not for what somebody does', async () => {
  const world = sweepWorld()
  await world.append('webhook', 1, 1)
  await world.run(['webhook'])
  expect(world.wakeUpSent).toEqual(['webhook'])
  const lease = await world.outbox.acquire(outboxPartitionOf('webhook', archivedEventAt(0).position), 30_000)
  expect(lease).toBeDefined()
  await world.run(['webhook'])
  expect(world.wakeUpSent).toEqual(['webhook'])
  expect(world.problems, 'there is nothing to set aside').toEqual([])
})

it('sets aside what cannot be read, one behind another that cannot be set aside, and tells of it', async () => {
  const world = sweepWorld()
  await world.append('a', 1, 2)
  const unreadableRows = ['1', '2', '3'].map((rowKey) => ({ partitionKey: 'garbage', rowKey }))
  const busy = new DurabilityError('Settling the outbox', undefined)
  const setAside: string[] = []
  const problems: unknown[] = []
  const swept = sweep({
    ...world.deps,
    outbox: {
      summary: async () => ({ ...(await world.outbox.summary()), unreadableRows }),
      async setAside({ rowKey }) {
        if (rowKey === '2') throw busy
        setAside.push(rowKey)
      },
    },
    telemetry: { pendingAtSinks: () => undefined, problem: (...problem) => problems.push(problem) },
  })
  await expect(swept).rejects.toBe(busy)
  expect([setAside, problems, world.wakeUpSent]).toEqual([
    ['1', '3'],
    [['rowsSetAside', new Error('3 of them.')]],
    ['a'],
  ])
})
