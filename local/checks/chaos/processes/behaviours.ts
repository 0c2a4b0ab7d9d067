import {
  hang,
  type ReceiverStep,
  refuse,
  resetAfterStoring,
  resetBeforeStoring,
  slow,
} from '../../../emulators/http/receiver-step.ts'
import { accessDenied } from '../../../emulators/logs-ingestion/service-faults.ts'
import { RULE_ID } from '../../../stack/names.ts'
import type { Stack } from '../../../stack/stack.ts'
import type { Prng } from '../prng.ts'

/** Behaviours of a receiver. */
const BEHAVIOURS: readonly [ReceiverStep, ...ReceiverStep[]] = [
  resetAfterStoring,
  resetAfterStoring,
  resetBeforeStoring,
  refuse(500),
  refuse(503),
  refuse(429, { 'retry-after': '1' }),
  hang,
  slow(900),
]

/** Receivers by name, with behaviours specific to one of them. */
const receivers = (stack: Stack): readonly [Receiver, Receiver] => [
  { name: 'log-analytics', server: stack.ingestion, refusal: accessDenied(RULE_ID) },
  { name: 'webhook', server: stack.siem, refusal: refuse(401) },
]

interface Receiver {
  readonly name: string
  readonly server: { always(step: ReceiverStep | undefined): void }
  readonly refusal: ReceiverStep
}

/** A receiver's behaviour that lasts until reset. */
export interface AppliedBehaviour {
  readonly what: string
  readonly heal: () => void
}

export function misbehave(stack: Stack, prng: Prng): AppliedBehaviour {
  const { name, server, refusal } = prng.pick(receivers(stack))
  const step = prng.chance(0.1) ? refusal : prng.pick(BEHAVIOURS)
  server.always(step)
  const status = step.kind === 'refuse' ? ` ${step.status}` : ''
  return { what: `${name}: ${step.kind}${status}`, heal: () => server.always(undefined) }
}

export function healAll(stack: Stack): void {
  for (const { server } of receivers(stack)) server.always(undefined)
}
