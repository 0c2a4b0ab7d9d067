import type { StoredRow } from '../../delivery/outbox/outbox.ts'

/** Events in the probe of a sink that refused everything. */
const PROBE_EVENTS = 16

/**
 * An event refused alone is probed together with some behind it: only their outcome tells whose
 * fault the refusal was.
 */
const wasRefusedAlone = ({ lastFault }: StoredRow): boolean => lastFault?.code === 'allRefused'

/** Number of rows in a probe that begins with this row. */
export const probeRows = (row: StoredRow): number => (wasRefusedAlone(row) ? PROBE_EVENTS : 1)

/**
 * A row that keeps failing is tried with ever fewer events, so that a slow refusal cannot hide a
 * bad event for ever.
 * @param row tried twice at least: it became pending, and was then redelivered in vain
 */
export const probeEvents = (row: StoredRow): number =>
  wasRefusedAlone(row) ? PROBE_EVENTS : Math.max(1, Math.ceil(row.events / 2 ** (row.attempts - 2)))
