import type { Behaviour } from '../stack/behaviour.ts'
import type { ArrivedEvents } from './arrived-events.ts'

/** Where a sink delivers to. */
export interface Receiver {
  /** `log-analytics`, `webhook`. */
  readonly sink: string
  /** What it holds; absent: it is not of this stack, and cannot be asked. */
  readonly evidence?: {
    readonly arrived: ArrivedEvents
    /** Whether it stored an event of this id. */
    readonly holds: (eventId: string) => boolean
  }
  readonly behaviour?: () => Behaviour
}
