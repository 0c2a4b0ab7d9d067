import type { ArrivedEvents } from '../console/arrived-events.ts'
import type { Receiver } from '../console/receiver.ts'
import { type Behaviour, stepOf } from './behaviour.ts'
import type { Stack } from './stack.ts'

type OwnSink = 'log-analytics' | 'webhook'

/** Has the receivers of the stack misbehave while it runs, so that people can see what that does to the others: nothing. */
export class Switches {
  readonly #servers: Readonly<Record<OwnSink, Pick<Stack['siem'], 'always' | 'eventIds'>>>
  readonly #behaviours = new Map<string, Behaviour>()

  constructor({ ingestion, siem }: Pick<Stack, 'ingestion' | 'siem'>) {
    this.#servers = { 'log-analytics': ingestion, webhook: siem }
  }

  /** A receiver that can be switched. */
  receiver(sink: OwnSink, arrived: ArrivedEvents): Receiver {
    this.#behaviours.set(sink, 'healthy')
    return {
      sink,
      evidence: { arrived, holds: (eventId) => this.#servers[sink].eventIds().has(eventId) },
      behaviour: () => this.#behaviours.get(sink) ?? 'healthy',
    }
  }

  /** @returns `false` for a sink that has no such switch */
  set(sink: string, behaviour: Behaviour): boolean {
    if (!this.#behaviours.has(sink)) return false
    this.#behaviours.set(sink, behaviour)
    this.#servers[sink as OwnSink].always(stepOf(behaviour))
    return true
  }
}
