import type { Refusal } from './refusal.ts'

/** Faults on demand, for tests and chaos. */
export interface Faults {
  /** Rejects the next sends; default condition: throttling (server busy). */
  rejectNextSends(count: number, condition?: string): void
  /**
   * Stores the next sends, then drops their connection before the sender gets an acknowledgement.
   */
  loseNextAcknowledgements(count: number): void
  /** Detaches all readers; by default with a condition on which clients reattach. */
  detachReaders(condition?: string): void
  dropConnections(): void
  /** Stops reading from and delivering to all clients, until `resume`. */
  hang(): void
  resume(): void
  /** Clears all faults: ends a hang, and forgets planned rejections. */
  clear(): void
}

/** Faults that affect a send. */
export interface SendFaults {
  takeRefusal(): Refusal | undefined
  takeLostAcknowledgement(): boolean
}

/** Actions of the emulator that faults need. */
export interface FaultActions {
  readonly detachReaders: (why: Refusal) => void
  readonly dropConnections: () => void
  readonly setHanging: (hanging: boolean) => void
}

export function createFaults(actions: FaultActions): Faults & SendFaults {
  let refusals = 0
  let refusalCondition = ''
  let lostAcknowledgements = 0
  const { dropConnections } = actions
  return {
    dropConnections,
    rejectNextSends: (count, condition = 'com.microsoft:server-busy') => {
      refusals = count
      refusalCondition = condition
    },
    loseNextAcknowledgements: (count) => {
      lostAcknowledgements = count
    },
    detachReaders: (condition = 'amqp:link:detach-forced') =>
      actions.detachReaders({ condition, description: 'The link is closed by a fault on demand.' }),
    hang: () => actions.setHanging(true),
    resume: () => actions.setHanging(false),
    clear: () => {
      refusals = 0
      lostAcknowledgements = 0
      actions.setHanging(false)
    },
    takeRefusal: () => {
      if (refusals <= 0) return undefined
      refusals -= 1
      return { condition: refusalCondition, description: 'The send is refused by a fault on demand.' }
    },
    takeLostAcknowledgement: () => {
      if (lostAcknowledgements <= 0) return false
      lostAcknowledgements -= 1
      return true
    },
  }
}
