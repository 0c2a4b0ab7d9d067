import type { Time } from '../../domain/time.ts'
import type { PositionRange } from '../dedup/settled-range.ts'
import type { Outbox, OutboxPartition } from './outbox.ts'

interface Known {
  readonly hasPending: boolean
  readonly lastSequenceNumber: number
}

const keyOf = (p: OutboxPartition): string => `${p.namespace}/${p.hub}/${p.partition}`

/**
 * What a process knows of one sink's pending deliveries, so that the outbox need not be read for
 * every chunk. While nothing is pending: only this process writes pending deliveries of a partition
 * while it reads that partition without a gap; a gap means that somebody else may have, and the
 * outbox is read. While something is pending that will not be tried before a certain time, as
 * through an outage: it is pending until then at least.
 */
export class PendingMemory {
  readonly #known = new Map<string, Known>()
  /** Of the monotonic clock. */
  readonly #owesUntilMs = new Map<string, number>()

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
    if ((this.#owesUntilMs.get(key) ?? 0) > time.monotonicMs()) return true
    const untriedUntil = await outbox.pendingUntil(outboxPartition)
    if (untriedUntil === undefined) return false
    this.#owesUntilMs.set(key, time.monotonicMs() + untriedUntil - time.now())
    return true
  }

  /** Notes how a range ended. */
  note(outboxPartition: OutboxPartition, { last }: PositionRange, hasPending: boolean): void {
    this.#known.set(keyOf(outboxPartition), { hasPending, lastSequenceNumber: last.sequenceNumber })
  }

  /** Notes that a range held nothing for this sink. */
  pass(outboxPartition: OutboxPartition, range: PositionRange): void {
    const known = this.#known.get(keyOf(outboxPartition))
    if (known?.lastSequenceNumber === range.first.sequenceNumber - 1)
      this.note(outboxPartition, range, known.hasPending)
  }
}
