import type { Refusal } from './refusal.ts'

/** Faults on demand, for tests and chaos. */
export interface Faults {
  /** Rejects the next sends; default condition: throttling (server busy). */
  rejectNextSends(count: number, condition?: string): void
  /** Rejects all sends whose bytes contain the text. */
  rejectSendsOf(text: string, condition: string): void
  /**
   * Stores the next sends, then drops their connection before the sender gets an acknowledgement.
   * @param after how many sends to store and acknowledge first; default: none
   */
  loseNextAcknowledgements(count: number, after?: number): void
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
  takeRefusal(payload: Buffer): Refusal | undefined
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
  let refusedText: { readonly text: string; readonly condition: string } | undefined
  let lostAcknowledgements = 0
  let keptAcknowledgements = 0
  const { dropConnections } = actions
  return {
    dropConnections,
    rejectNextSends: (count, condition = 'com.microsoft:server-busy') => {
      refusals = count
      refusalCondition = condition
    },
    rejectSendsOf: (text, condition) => {
      refusedText = { text, condition }
    },
    loseNextAcknowledgements: (count, after = 0) => {
      lostAcknowledgements = count
      keptAcknowledgements = after
    },
    detachReaders: (condition = 'amqp:link:detach-forced') =>
      actions.detachReaders({ condition, description: 'The link is closed by a fault on demand.' }),
    hang: () => actions.setHanging(true),
    resume: () => actions.setHanging(false),
    clear: () => {
      refusals = 0
      refusedText = undefined
      lostAcknowledgements = 0
      actions.setHanging(false)
    },
    takeRefusal: (payload) => {
      const description = 'The send is refused by a fault on demand.'
      if (refusedText !== undefined && payload.includes(refusedText.text))
        return { condition: refusedText.condition, description }
      if (refusals <= 0) return undefined
      refusals -= 1
      return { condition: refusalCondition, description }
    },
    takeLostAcknowledgement: () => {
      if (lostAcknowledgements <= 0) return false
      if (keptAcknowledgements > 0) {
        keptAcknowledgements -= 1
        return false
      }
      lostAcknowledgements -= 1
      return true
    },
  }
}
