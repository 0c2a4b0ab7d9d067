import { OUT_OF_TIME } from '../../delivery/send/attempt.ts'
import type { Settlement } from '../../delivery/settlement.ts'
import { type Fault, transientFault } from '../../domain/fault.ts'

/** A drain's progress with its sink. */
export type DrainState =
  /** The sink has neither accepted anything yet nor refused an event for the event's own fault. */
  | { readonly name: 'starting' }
  | { readonly name: 'flowing' }
  /** Time ran out while the sink was accepting. */
  | { readonly name: 'outOfTime' }
  /** Nothing more is sent to it. */
  | { readonly name: 'stopped'; readonly by: Fault }

/** Treated as a fault of the sink: retried, and subject to the age limit. */
export const NO_PROGRESS = transientFault(
  'timeout',
  'The sink accepted nothing within the whole redelivery budget. Check how long it takes to answer, or raise REDELIVERY_BUDGET_MS.',
)

/** The state after one more window. */
export function stateAfter(
  before: DrainState,
  { delivered, deadLettered, stoppedBy }: Settlement,
): DrainState {
  const hasMoved = before.name === 'flowing' || delivered.length + deadLettered.length > 0
  if (stoppedBy === undefined) return { name: hasMoved ? 'flowing' : 'starting' }
  if (stoppedBy !== OUT_OF_TIME) return { name: 'stopped', by: stoppedBy }
  return hasMoved ? { name: 'outOfTime' } : { name: 'stopped', by: NO_PROGRESS }
}
