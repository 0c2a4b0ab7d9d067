import { expect, it } from 'vitest'
import { InvariantError } from '../../../shared/domain/invariant-error.ts'
import { type SettledRow, untried } from '../../../shared/pipeline/redeliver/row-settlements.ts'
import { settleRows } from '../../../shared/pipeline/redeliver/settle-rows.ts'
import { pendingWorld } from '../../support/pending-world.ts'
import { placedRange } from '../../support/placed-events.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

it('a row whose events have not one outcome each is a defect, and nothing of it is written', async () => {
  const world = pendingWorld(scriptedSink(), virtualTime())
  await world.append([1, 3])
  const [row] = await world.outbox.rows(world.outboxPartition, 10)
  if (row === undefined) throw new Error('no row')
  const events = placedRange(1, 3)
  const { outcomes } = untried({ row, events, faults: [], skipped: 0 })
  const having = (delivered: typeof events): SettledRow => ({
    row,
    events,
    faults: [],
    skipped: 0,
    outcomes: { ...outcomes, pending: [], delivered },
  })
  const ending = { outboxPartition: world.outboxPartition, startedMs: 0, stoppedBy: undefined }
  await expect(settleRows([having(events.slice(1))], ending, world.deps)).rejects.toThrow(InvariantError)
  expect([world.deadLetters, world.receipts, await world.pending()]).toEqual([[], [], ['1-3']])
  await settleRows([having(events)], ending, world.deps)
  expect(await world.pending()).toEqual([])
})
