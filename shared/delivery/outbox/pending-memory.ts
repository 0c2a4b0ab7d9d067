import type { Time } from '../../domain/time.ts'
import type { Stretch } from '../dedup/settled-range.ts'
import type { Outbox, OutboxPage } from './outbox.ts'

interface Known {
  readonly owes: boolean
  readonly lastSequenceNumber: number
}

const keyOf = (p: OutboxPage): string => `${p.namespace}/${p.hub}/${p.partition}`

/**
 * What a process knows of one sink's debts, so that the ledger need not be read for every chunk. While nothing is owed: only this process
 * writes debts of a partition while it reads that partition without a gap; a gap means that somebody else may have, and the ledger is read.
 * While something is owed that will not be tried before a certain time, as through an outage: it is owed until then at least.
 */
export class OwingMemory {
  readonly #known = new Map<string, Known>()
  /** Of the monotonic clock. */
  readonly #owesUntilMs = new Map<string, number>()

  /** Whether something is owed before this stretch. */
  async owes(
    page: OutboxPage,
    stretch: Stretch,
    outbox: Pick<Outbox, 'owes'>,
    time: Pick<Time, 'now' | 'monotonicMs'>,
  ): Promise<boolean> {
    const key = keyOf(page)
    const known = this.#known.get(key)
    const follows = known?.lastSequenceNumber === stretch.first.sequenceNumber - 1
    if (known !== undefined && follows && !known.owes) return false
    if ((this.#owesUntilMs.get(key) ?? 0) > time.monotonicMs()) return true
    const untriedUntil = await outbox.owes(page)
    if (untriedUntil === undefined) return false
    this.#owesUntilMs.set(key, time.monotonicMs() + untriedUntil - time.now())
    return true
  }

  /** Notes how a stretch ended. */
  note(page: OutboxPage, { last }: Stretch, owes: boolean): void {
    this.#known.set(keyOf(page), { owes, lastSequenceNumber: last.sequenceNumber })
  }

  /** Notes that a stretch held nothing for this sink. */
  pass(page: OutboxPage, stretch: Stretch): void {
    const known = this.#known.get(keyOf(page))
    if (known?.lastSequenceNumber === stretch.first.sequenceNumber - 1) this.note(page, stretch, known.owes)
  }
}
