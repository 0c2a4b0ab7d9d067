import { AS_STORED, type StoredEntity } from '../../azure/entity-value.ts'
import type { LeanTable } from '../../azure/lean-table.ts'
import { filterText, keysFrom } from '../../azure/table-key.ts'
import { instant } from '../../domain/identifiers.ts'
import { isAhead, isHeldOrDelayed, type LeaseState } from './lease.ts'
import {
  type OutboxSummary,
  type PendingPartition,
  pendingSince,
  type StoredRow,
  type UnreadableRow,
} from './outbox.ts'
import { ASIDE, LEASE_ROW, outboxPartitionOfKey } from './outbox-entity.ts'
import { parseLeaseEntity, parseOutboxEntity } from './parse-outbox-entity.ts'

const MAX_PAGES = 10_000
/** Most unreadable rows in one summary; the rest appear in the next. */
const MAX_STRAYS = 1000

/** What is known so far about one outbox partition. */
class PartitionSurvey {
  rows = 0
  events = 0
  oldestMs = Number.POSITIVE_INFINITY
  lease: LeaseState | undefined

  add(row: StoredRow, nowMs: number): void {
    this.rows += 1
    this.events += row.events
    this.oldestMs = Math.min(this.oldestMs, pendingSince(row, nowMs))
  }
}

/**
 * Summarises the outbox table in one pass, without keeping its rows in memory.
 * @param sink whose rows alone to read; default: all
 */
export async function outboxSummary(table: LeanTable, nowMs: number, sink?: string): Promise<OutboxSummary> {
  const outboxPartitions = new Map<string, PartitionSurvey>()
  const unreadableRows: UnreadableRow[] = []
  let setAside = 0
  const at = (partitionKey: string): PartitionSurvey => {
    const known = outboxPartitions.get(partitionKey) ?? new PartitionSurvey()
    outboxPartitions.set(partitionKey, known)
    return known
  }
  let latest = { partitionKey: '', isOurs: false }
  /** Asked once a partition, since rows come partition by partition. */
  const isOurs = (partitionKey: string): boolean => {
    if (partitionKey !== latest.partitionKey)
      latest = { partitionKey, isOurs: outboxPartitionOfKey(partitionKey) !== undefined }
    return latest.isOurs
  }
  for await (const entity of table.listEntities<StoredEntity>({
    ...AS_STORED,
    ...(sink === undefined ? {} : ofSink(sink)),
  })) {
    const { partitionKey = '', rowKey = '' } = entity
    const row = parseOutboxEntity(entity)
    if (rowKey === LEASE_ROW) at(partitionKey).lease = parseLeaseEntity(entity)
    else if (rowKey.startsWith(ASIDE)) setAside += 1
    else if (row === 'newer') continue
    else if (row !== 'unreadable' && isOurs(partitionKey)) at(partitionKey).add(row, nowMs)
    else if (unreadableRows.length < MAX_STRAYS) unreadableRows.push({ partitionKey, rowKey })
    if (outboxPartitions.size > MAX_PAGES) break
  }
  const pendingPartitions = [...outboxPartitions].flatMap(
    ([key, { rows, events, oldestMs, lease }]): readonly PendingPartition[] => {
      const outboxPartition = outboxPartitionOfKey(key)
      if (outboxPartition === undefined || rows === 0) return []
      return [
        {
          outboxPartition,
          rows,
          events,
          oldestTriedAt: instant(oldestMs),
          attended: isHeldOrDelayed(lease, nowMs),
          ...(lease !== undefined && isAhead(lease, nowMs) ? { isLeaseAhead: true } : {}),
        },
      ]
    },
  )
  return { pendingPartitions, unreadableRows, setAside }
}

function ofSink(sink: string) {
  const [from, to] = keysFrom(sink)
  return {
    queryOptions: { filter: `PartitionKey ge ${filterText(from)} and PartitionKey lt ${filterText(to)}` },
  }
}
