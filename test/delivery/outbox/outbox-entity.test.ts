import { beforeEach, describe, expect, it } from 'vitest'
import { memoryTable } from '../../../local/checks/chaos/model/memory-table.ts'
import type { LeanTable } from '../../../shared/azure/lean-table.ts'
import {
  type Outbox,
  type OutboxRow,
  outboxPartitionOf,
  pendingRows,
} from '../../../shared/delivery/outbox/outbox.ts'
import { rowEntity } from '../../../shared/delivery/outbox/outbox-entity.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const TRIED = instant(Date.UTC(2026, 2, 1, 10))
const OUTBOX_PARTITION = outboxPartitionOf('webhook', archivedEventAt(0).position)

let table: LeanTable
let outbox: Outbox
beforeEach(() => {
  const time = virtualTime()
  table = memoryTable(() => time.now())
  outbox = tableOutbox(table, time, () => 'token')
})

const refused = (message: string) => {
  const [row] = pendingRows(
    [{ archived: archivedEventAt(1), fault: transientFault('unavailable', message) }],
    TRIED,
  )
  if (row === undefined) throw new Error('no row')
  return row
}

describe('a row of the outbox is stored', () => {
  it('with what an operator asked for, and when to look again', async () => {
    const { lastFault: _, ...untried } = refused('down')
    const row: OutboxRow = {
      ...untried,
      mode: 'renormalise',
      isRetry: true,
      lookAgainAt: instant(TRIED + 7),
    }
    await outbox.append(OUTBOX_PARTITION, [row])
    expect(await outbox.rows(OUTBOX_PARTITION, 10)).toEqual([
      { ...row, etag: expect.any(String), writtenAt: expect.any(Number) },
    ])
  })

  it('with the beginning of a fault that a table property might not hold', async () => {
    await outbox.append(OUTBOX_PARTITION, [refused('x'.repeat(40_000))])
    const [row] = await outbox.rows(OUTBOX_PARTITION, 10)
    expect(row?.lastFault?.message).toBe('x'.repeat(1000))
  })

  it.each(['webhook', 'webhook|ns', 'webhook|ns|hub', 'webhook|ns|hub|0|1', 'webhook|ns|hub|%'])(
    'and to be set aside, where its key names no outbox partition: %s',
    async (partitionKey) => {
      const row = refused('down')
      await table.createEntity({ ...rowEntity(OUTBOX_PARTITION, row), partitionKey })
      expect(await outbox.summary()).toEqual({
        pendingPartitions: [],
        unreadableRows: [{ partitionKey, rowKey: row.key }],
        setAside: 0,
      })
    },
  )
})
