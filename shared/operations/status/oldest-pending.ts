import type { Outbox, OutboxPartition, OutboxRow, PendingPartition } from '../../delivery/outbox/outbox.ts'
import { isReplayPartition } from '../../delivery/outbox/outbox.ts'
import { type Fault, sinkFault } from '../../domain/fault.ts'
import type { Instant } from '../../domain/identifiers.ts'
import { needsPerson } from './needs-person.ts'

/** What is pending for a sink. */
export interface Pending {
  readonly events: number
  readonly rows: number
  /** When the oldest of it was first tried, or asked for. */
  readonly oldestAt: Instant | undefined
  /** Why the oldest of it is still pending; absent where it was not tried yet. */
  readonly fault: OutboxRow['lastFault']
}

/** @param firstRow the first row of an outbox partition */
export async function oldestPending(
  outboxPartitions: readonly PendingPartition[],
  firstRow: (outboxPartition: OutboxPartition) => Promise<OutboxRow | undefined>,
): Promise<Pending> {
  const [oldest] = outboxPartitions.toSorted((a, b) => a.oldestTriedAt - b.oldestTriedAt)
  return {
    events: outboxPartitions.reduce((sum, p) => sum + p.events, 0),
    rows: outboxPartitions.reduce((sum, p) => sum + p.rows, 0),
    oldestAt: oldest?.oldestTriedAt,
    fault: oldest === undefined ? undefined : (await firstRow(oldest.outboxPartition))?.lastFault,
  }
}

/**
 * The fault of a sink that refuses what is pending for it; `undefined` where nothing is pending, or
 * it passes by itself.
 */
export async function refusalOf(
  sink: string,
  outbox: Pick<Outbox, 'pendingPartitions' | 'rows'>,
): Promise<Fault | undefined> {
  const own = (await outbox.pendingPartitions(sink)).filter(
    ({ outboxPartition }) => !isReplayPartition(outboxPartition),
  )
  const { events, fault } = await oldestPending(
    own,
    async (partition) => (await outbox.rows(partition, 1))[0],
  )
  return fault !== undefined && needsPerson(fault)
    ? sinkFault(fault.code, `${fault.message} Pending: ${events} ${events === 1 ? 'event' : 'events'}.`)
    : undefined
}
