import { describe, expect, it } from 'vitest'
import { memoryTable } from '../../../local/checks/chaos/model/memory-table.ts'
import {
  type Lease,
  type Outbox,
  outboxPartitionOf,
  pendingRows,
  type StoredRow,
} from '../../../shared/delivery/outbox/outbox.ts'
import { tableOutbox } from '../../../shared/delivery/outbox/outbox-table.ts'
import { transientFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { archivedEventAt } from '../../support/archived-event-at.ts'
import { virtualTime } from '../../support/virtual-time.ts'

const OUTBOX_PARTITION = outboxPartitionOf('webhook', archivedEventAt(0).position)
const rowsOf = (...numbers: readonly number[]) =>
  numbers.flatMap((n) =>
    pendingRows(
      [{ archived: archivedEventAt(n), fault: transientFault('unavailable', 'down') }],
      instant(Date.UTC(2026, 2, 1, 10)),
    ),
  )

/** A table that takes nothing more once it is busy. */
async function world() {
  const time = virtualTime()
  const state = { isBusy: false }
  const table = memoryTable(() => time.now())
  const outbox = tableOutbox(
    new Proxy(table, {
      get(target, name: 'createEntity') {
        const busy = Object.assign(new Error('busy'), { statusCode: 503, code: 'ServerBusy' })
        return state.isBusy ? () => Promise.reject(busy) : target[name].bind(target)
      },
    }),
    time,
    () => 'token',
  )
  await outbox.append(OUTBOX_PARTITION, rowsOf(1, 2))
  const lease = await outbox.acquire(OUTBOX_PARTITION, 1000)
  const rows = await outbox.rows(OUTBOX_PARTITION, 10)
  const [row] = rows
  if (lease === undefined || row === undefined) throw new Error('no lease, or no row')
  return { outbox, lease, row, rows, state, time }
}

interface Found {
  readonly lease: Lease
  readonly row: StoredRow
  readonly rows: readonly StoredRow[]
}
const CALLS: readonly [string, (outbox: Outbox, found: Found) => Promise<unknown>][] = [
  ['append of a row', (outbox) => outbox.append(OUTBOX_PARTITION, rowsOf(3))],
  ['append of several', (outbox) => outbox.append(OUTBOX_PARTITION, rowsOf(3, 4))],
  ['remove of a row', (outbox, { row }) => outbox.remove(OUTBOX_PARTITION, [row])],
  ['remove of several', (outbox, { rows }) => outbox.remove(OUTBOX_PARTITION, rows)],
  ['replace', (outbox, { row }) => outbox.replace(OUTBOX_PARTITION, row)],
  ['renew', (outbox, { lease }) => outbox.renew(lease, 1000)],
  ['release', (outbox, { lease }) => outbox.release(lease, undefined)],
  ['setAside', (outbox, { row }) => outbox.setAside({ partitionKey: 'webhook|ns|hub|0', rowKey: row.key })],
]

describe('an outbox whose table is busy', () => {
  it.each(CALLS)('has not done what it was asked, and says so: %s', async (_, ask) => {
    const { outbox, state, ...found } = await world()
    state.isBusy = true
    await expect(ask(outbox, found)).rejects.toMatchObject({ name: 'DurabilityError' })
    state.isBusy = false
    expect(await outbox.rows(OUTBOX_PARTITION, 10)).toEqual(found.rows)
  })
})

describe('a row that is replaced', () => {
  it('is given back as it is stored, so that it can be replaced again', async () => {
    const { outbox, row } = await world()
    const once = await outbox.replace(OUTBOX_PARTITION, { ...row, attempts: 2 })
    const twice = once && (await outbox.replace(OUTBOX_PARTITION, { ...once, attempts: 3 }))
    expect(twice?.attempts).toBe(3)
    expect((await outbox.rows(OUTBOX_PARTITION, 1)).map(({ attempts }) => attempts)).toEqual([3])
  })

  it('is not given back where another has changed or removed it', async () => {
    const { outbox, row } = await world()
    await outbox.replace(OUTBOX_PARTITION, { ...row, attempts: 2 })
    expect(await outbox.replace(OUTBOX_PARTITION, row)).toBeUndefined()
    await outbox.remove(OUTBOX_PARTITION, [row])
    expect(await outbox.replace(OUTBOX_PARTITION, row)).toBeUndefined()
  })
})

it('a lease that cannot be read is neither free nor held by another', async () => {
  const busy = Object.assign(new Error('busy'), { statusCode: 503, code: 'ServerBusy' })
  const table = Object.assign(
    memoryTable(() => 0),
    { getEntity: () => Promise.reject(busy) },
  )
  const outbox = tableOutbox(table, virtualTime(), () => 'token')
  await expect(outbox.acquire(OUTBOX_PARTITION, 1000)).rejects.toMatchObject({ name: 'DurabilityError' })
})

it('a lease is renewed for the time that is asked for, from now, by the drain that has it and no other', async () => {
  const { outbox, lease, time } = await world()
  time.advance(900)
  const renewed = await outbox.renew(lease, 1000)
  expect(renewed).toBeDefined()
  expect(await outbox.renew(lease, 1000), 'by an older lease').toBeUndefined()
  time.advance(999)
  expect(await outbox.acquire(OUTBOX_PARTITION, 1000)).toBeUndefined()
  time.advance(1)
  expect(await outbox.acquire(OUTBOX_PARTITION, 1000)).toBeDefined()
})
