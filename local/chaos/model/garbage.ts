import type { TableClient } from '@azure/data-tables'
import { joinKey } from '../../../shared/delivery/table-key.ts'
import type { Dice } from '../dice.ts'
import type { Durable } from './durable.ts'
import { HUB, NAMESPACE } from './model-hub.ts'

type Properties = Readonly<Record<string, unknown>>

/** Sorts before what the program writes, or behind it. */
const KEYS = ['0-garbage', '000000000000000-garbage', '999999999999999-garbage'] as const
/** What no program of ours has written, under a key of its own or in the place of a lease. */
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
const MARKS: readonly [Properties, ...Properties[]] = [
  {},
  { marks: '{"v":1,"sinks":{"webhook":[{"fromSeq' },
  { marks: '[null]' },
  { marks: 7 },
]

const put = (table: TableClient, partitionKey: string, rowKey: string, properties: Properties) =>
  table.upsertEntity({ ...properties, partitionKey, rowKey }, 'Replace')

/** Writes something into a table that nobody can read. */
export async function spoilRow(
  { tables }: Durable,
  sink: string,
  partition: string,
  dice: Dice,
): Promise<string> {
  const page = joinKey(sink, NAMESPACE, HUB, partition)
  if (dice.chance(0.3)) {
    await put(tables.outbox, page, '!lease', dice.pick(LEASES))
    return `garbage for a lease of ${sink}/${partition}`
  }
  await put(tables.outbox, page, dice.pick(KEYS), dice.pick(ROWS))
  return `a garbage row in ${sink}/${partition}`
}

export const spoilMarks = ({ tables }: Durable, partition: string, dice: Dice) =>
  put(tables.marks, joinKey(NAMESPACE, HUB, partition), 'marks', dice.pick(MARKS))

/** Whether a row of the outbox is one that was put there, or one that was set aside. */
export const isGarbage = (rowKey: string): boolean =>
  rowKey === '!lease' || KEYS.some((key) => rowKey.endsWith(key))

/** Rows of the outbox, but for those that nobody can read. */
export async function rowsLeft({ tables }: Durable): Promise<number> {
  let rows = 0
  for await (const { rowKey } of tables.outbox.listEntities()) if (!isGarbage(rowKey ?? '')) rows++
  return rows
}
