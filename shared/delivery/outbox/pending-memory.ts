import type { Time } from '../../domain/time.ts'
import type { PositionRange } from '../dedup/settled-range.ts'
import type { Outbox, OutboxPartition } from './outbox.ts'

interface Known {
  readonly hasPending: boolean
  readonly lastSequenceNumber: number
}

const keyOf = (p: OutboxPartition): string => `${p.namespace}/${p.hub}/${p.partition}`

/**
 * What a process knows of one sink's pending deliveries, to save reading the outbox for every
 * chunk. "Nothing pending" holds while this process reads the partition without a gap, since then
 * only it writes pending deliveries; after a gap the outbox is read. "Pending" holds until the time
 * before which nobody retries, as during an outage.
 */
export class PendingMemory {
  readonly #known = new Map<string, Known>()
  /** On the monotonic clock. */
  readonly #pendingUntilMs = new Map<string, number>()

  /** Whether something is pending before this range. */
  async hasPending(
    outboxPartition: OutboxPartition,
    range: PositionRange,
    outbox: Pick<Outbox, 'pendingUntil'>,
    time: Pick<Time, 'now' | 'monotonicMs'>,
  ): Promise<boolean> {
    const key = keyOf(outboxPartition)
    const known = this.#known.get(key)
    const follows = known?.lastSequenceNumber === range.first.sequenceNumber - 1
    if (known !== undefined && follows && !known.hasPending) return false
    if ((this.#pendingUntilMs.get(key) ?? 0) > time.monotonicMs()) return true
    const untriedUntil = await outbox.pendingUntil(outboxPartition)
    if (untriedUntil === undefined) return false
    this.#pendingUntilMs.set(key, time.monotonicMs() + untriedUntil - time.now())
    return true
  }

  /** Records how a range ended. */
  note(outboxPartition: OutboxPartition, { last }: PositionRange, hasPending: boolean): void {
    this.#known.set(keyOf(outboxPartition), { hasPending, lastSequenceNumber: last.sequenceNumber })
  }

  /** Records that a range held nothing for this sink. */
  pass(outboxPartition: OutboxPartition, range: PositionRange): void {
    const known = this.#known.get(keyOf(outboxPartition))
    if (known?.lastSequenceNumber === range.first.sequenceNumber - 1)
      this.note(outboxPartition, range, known.hasPending)
  }
}
