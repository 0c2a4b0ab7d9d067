import { joinKey, splitKey } from '../../azure/table-key.ts'
import type { LeaseState } from './lease.ts'
import type { OutboxPartition, OutboxRow } from './outbox.ts'
import { ROW_VERSION } from './parse-outbox-entity.ts'

/** Sorts before all rows of its outbox partition. */
export const LEASE_ROW = '!lease'
/** Key prefix of rows set aside; sorts after all rows of an outbox partition. */
export const ASIDE = '~'

export const partitionKeyOf = ({ sink, namespace, hub, partition }: OutboxPartition): string =>
  joinKey(sink, namespace, hub, partition)

/** The outbox partition of a table partition key; `undefined` if the key is not ours. */
export function outboxPartitionOfKey(partitionKey: string): OutboxPartition | undefined {
  const [sink = '', namespace = '', hub = '', partition, ...others] = splitKey(partitionKey)
  return partition === undefined || others.length > 0 ? undefined : { sink, namespace, hub, partition }
}

const long = (value: number): { type: 'Int64'; value: string } => ({
  type: 'Int64',
  value: String(Math.round(value)),
})

export const rowEntity = (outboxPartition: OutboxPartition, row: OutboxRow) => ({
  partitionKey: partitionKeyOf(outboxPartition),
  rowKey: row.key,
  version: ROW_VERSION,
  blob: row.blob,
  lines: row.lines,
  events: row.events,
  enqueuedAtMs: long(row.enqueuedAt),
  firstTriedAtMs: long(row.firstTriedAt),
  attempts: row.attempts,
  ...(row.lastFault === undefined
    ? {}
    : { faultCode: row.lastFault.code, faultMessage: row.lastFault.message.slice(0, 1000) }),
  ...(row.mode === undefined ? {} : { mode: row.mode }),
  ...(row.isRetry === undefined ? {} : { isRetry: true }),
  ...(row.lookAgainAt === undefined ? {} : { lookAgainAtMs: long(row.lookAgainAt) }),
})

export const leaseEntity = (outboxPartition: OutboxPartition, state: LeaseState) => ({
  partitionKey: partitionKeyOf(outboxPartition),
  rowKey: LEASE_ROW,
  version: ROW_VERSION,
  token: state.token,
  heldUntilMs: long(state.heldUntilMs),
  dueAtMs: long(state.dueAtMs),
  writtenAtMs: long(state.writtenAtMs),
})
