import { type ReceiverStep, refuse, resetBeforeStoring, slow } from '../emulators/http/receiver-step.ts'
import type { ScriptedReceiver } from '../emulators/http/scripted-receiver.ts'
import { accessDenied } from '../emulators/logs-ingestion/service-faults.ts'
import { RULE_ID } from './names.ts'
import type { Stack } from './stack.ts'

/** Behaviours of an emulated receiver. */
export const BEHAVIOURS = ['healthy', 'slow', 'refusing', 'down'] as const
export type Behaviour = (typeof BEHAVIOURS)[number]

/** Longer than the delivery timeout, within the redelivery budget. */
const SLOW_MS = 3000

/** A sink's answer to a missing role or a wrong signature. */
const REFUSALS: Readonly<Record<string, ReceiverStep>> = {
  'log-analytics': accessDenied(RULE_ID),
  webhook: refuse(401),
}

function stepOf(behaviour: Behaviour, sink: string): ReceiverStep | undefined {
  switch (behaviour) {
    case 'healthy':
      return undefined
    case 'slow':
      return slow(SLOW_MS)
    case 'refusing':
      return REFUSALS[sink]
    case 'down':
      return resetBeforeStoring
  }
}

/** One switch per emulated receiver. */
export class Switches {
  readonly #servers: ReadonlyMap<string, Pick<ScriptedReceiver, 'always'>>
  readonly #behaviours = new Map<string, Behaviour>()

  /** @param ownWebhook whether the webhook is not the emulated one */
  constructor({ ingestion, siem }: Pick<Stack, 'ingestion' | 'siem'>, ownWebhook: boolean) {
    this.#servers = new Map<string, Pick<ScriptedReceiver, 'always'>>([
      ['log-analytics', ingestion],
      ...(ownWebhook ? [] : [['webhook', siem] as const]),
    ])
  }

  /** `undefined` if there is no such switch. */
  behaviour(sink: string): Behaviour | undefined {
    return this.#servers.has(sink) ? (this.#behaviours.get(sink) ?? 'healthy') : undefined
  }

  /** Switches a receiver from its next request on; `false` if there is no such switch. */
  set(sink: string, behaviour: Behaviour): boolean {
    const server = this.#servers.get(sink)
    if (server === undefined) return false
    server.always(stepOf(behaviour, sink))
    this.#behaviours.set(sink, behaviour)
    return true
  }
}
