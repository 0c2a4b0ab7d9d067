import type { StoredRow } from '../../delivery/outbox/outbox.ts'
import type { Prepared } from '../../delivery/prepare.ts'
import { TOO_MANY } from '../../delivery/send/refused-alone.ts'

/** Events in the probe of a sink that refused everything. */
const PROBE_EVENTS = 16

/** What is tried of a sink that has accepted nothing yet, from a row that failed before. */
export interface Probe {
  readonly rows: number
  readonly events: number
  /** Whether its first event is sent by itself, ahead of the others. */
  readonly sendFirstAlone: boolean
}

/** Further with each drain, as are the events that it saw refused: some are always behind them. */
const reach = (attempts: number): number => PROBE_EVENTS + (attempts - 2) * TOO_MANY

/**
 * An event refused alone is probed together with some behind it: only their outcome tells whose
 * fault the refusal was. It goes by itself again, since halving down to it takes many refusals, and
 * they may be slow.
 *
 * Any other row that keeps failing is tried with ever fewer events, so that a slow refusal cannot
 * hide a bad event for ever.
 * @param row tried twice at least: it became pending, and was then redelivered in vain
 */
export const probeOf = ({ events, attempts, lastFault }: StoredRow): Probe =>
  lastFault?.code === 'allRefused'
    ? { rows: reach(attempts), events: reach(attempts), sendFirstAlone: true }
    : { rows: 1, events: Math.max(1, Math.ceil(events / 2 ** (attempts - 2))), sendFirstAlone: false }

/** The same events, the first in a delivery of its own. */
export function splitOffFirst(prepared: Prepared): Prepared {
  const [first, ...others] = prepared.deliveries
  if (first === undefined || first.length === 1) return prepared
  return { ...prepared, deliveries: [first.slice(0, 1), first.slice(1), ...others] }
}
