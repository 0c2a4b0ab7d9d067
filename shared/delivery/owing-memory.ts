import type { Stretch } from './mark.ts'
import type { Outbox, OutboxPage } from './outbox.ts'

interface Known {
  readonly owes: boolean
  readonly lastSequenceNumber: number
}

const keyOf = (p: OutboxPage): string => `${p.namespace}/${p.hub}/${p.partition}`

/**
 * What a process knows of one sink's debts, so that the ledger need not be read while nothing is owed. Only this process writes debts of a
 * partition while it reads that partition without a gap; a gap means that somebody else may have, and the ledger is read.
 */
export class OwingMemory {
  readonly #known = new Map<string, Known>()

  /** Whether something is owed before this stretch. */
  async owes(page: OutboxPage, stretch: Stretch, outbox: Pick<Outbox, 'owes'>): Promise<boolean> {
    const known = this.#known.get(keyOf(page))
    const follows = known?.lastSequenceNumber === stretch.first.sequenceNumber - 1
    if (known !== undefined && follows && !known.owes) return false
    return outbox.owes(page)
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
