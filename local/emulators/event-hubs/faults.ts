import type { Refusal } from './refusal.ts'

/** Trouble on demand, for tests and chaos. */
export interface Faults {
  /** The next sends are refused; by default as the service does when it is throttled. */
  rejectNextSends(count: number, condition?: string): void
  /** The next sends are stored, then their connection is dropped before the sender learns of it. */
  loseNextAcknowledgements(count: number): void
  /** Every reader's link is closed; by default so that clients open it again by themselves. */
  detachReaders(condition?: string): void
  dropConnections(): void
  /** Nothing is read from or delivered to any client, until `resume`. */
  hang(): void
  resume(): void
  /** No fault is left: ends a hang, forgets planned refusals. */
  clear(): void
}

/** The faults that a send meets. */
export interface SendFaults {
  takeRefusal(): Refusal | undefined
  takeLostAcknowledgement(): boolean
}

/** What the planned faults need of the emulator. */
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
