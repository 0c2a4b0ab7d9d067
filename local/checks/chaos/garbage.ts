import type { TableClient } from '@azure/data-tables'
import { joinKey } from '../../../shared/azure/table-key.ts'
import type { PartitionRef } from '../../../shared/delivery/dedup/settled-ranges.ts'
import type { OutboxPartition } from '../../../shared/delivery/outbox/outbox.ts'
import type { Prng } from './prng.ts'

type Properties = Readonly<Record<string, unknown>>

/** Keys that sort before and after those of the program. */
const KEYS = ['0-garbage', '000000000000000-garbage', '999999999999999-garbage'] as const
/** Rows that the program would never write, under keys of their own or instead of a lease. */
const ROWS: readonly [Properties, ...Properties[]] = [
  {},
  { version: 1 },
  { version: 'one', blob: 'v1/x.jsonl.gz', lines: '0' },
  { version: 1, blob: 'v1/x.jsonl.gz', lines: 'all of them', events: -3 },
  { version: 1, blob: '../..//\u0001', lines: '0-1' },
  { version: 1, blob: true, lines: 7, firstTriedAtMs: 'yesterday' },
]
const LEASES: readonly [Properties, ...Properties[]] = [
  { token: 7 },
  { version: 1, heldUntilMs: 'for ever', dueAtMs: 'never' },
  { version: 1, token: 'x', heldUntilMs: { type: 'Int64', value: '9223372036854775807' } },
  { version: 1, token: 'x', dueAtMs: { type: 'Int64', value: '9223372036854775807' } },
]
const SETTLED_RANGES: readonly [Properties, ...Properties[]] = [
  {},
  { settledRanges: '{"v":1,"sinks":{"webhook":[{"fromSeq' },
  { settledRanges: '[null]' },
  { settledRanges: 7 },
]

/** Direct access to the tables of a deployment. */
export interface Tables {
  readonly outbox: TableClient
  readonly settledRanges: TableClient
}

const put = (table: TableClient, partitionKey: string, rowKey: string, properties: Properties) =>
  table.upsertEntity({ ...properties, partitionKey, rowKey }, 'Replace')

/** Writes an unreadable row to the outbox. */
export async function writeUnreadableRow(
  { outbox }: Tables,
  outboxPartition: OutboxPartition,
  prng: Prng,
): Promise<string> {
  const { sink, namespace, hub, partition } = outboxPartition
  const key = joinKey(sink, namespace, hub, partition)
  if (prng.chance(0.3)) {
    await put(outbox, key, '!lease', prng.pick(LEASES))
    return `garbage for a lease of ${sink}/${partition}`
  }
  await put(outbox, key, prng.pick(KEYS), prng.pick(ROWS))
  return `a garbage row in ${sink}/${partition}`
}

/** Overwrites a partition's settled ranges with an unreadable row. */
export async function writeUnreadableSettled(
  { settledRanges }: Tables,
  { namespace, hub, partition }: PartitionRef,
  prng: Prng,
): Promise<string> {
  await put(settledRanges, joinKey(namespace, hub, partition), 'settled', prng.pick(SETTLED_RANGES))
  return `garbage for the settled ranges of ${partition}`
}

const isOurs = (rowKey: string): boolean => rowKey !== '!lease' && !KEYS.some((key) => rowKey.endsWith(key))

/** The number of outbox rows, without the unreadable ones, wherever these were moved. */
export async function rowsLeft({ outbox }: Tables): Promise<number> {
  let rows = 0
  for await (const { rowKey = '' } of outbox.listEntities()) if (isOurs(rowKey)) rows++
  return rows
}
