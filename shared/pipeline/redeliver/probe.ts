import type { StoredRow } from '../../delivery/outbox/outbox.ts'

/** Events in the probe of a sink that refused whatever was sent. */
const PROBE_EVENTS = 16

/**
 * What was refused alone is probed with some of what is behind it: only what becomes of others
 * tells whose fault that was.
 */
const wasRefusedAlone = ({ lastFault }: StoredRow): boolean => lastFault?.code === 'allRefused'

/** Rows of a probe that begins with this one. */
export const probeRows = (row: StoredRow): number => (wasRefusedAlone(row) ? PROBE_EVENTS : 1)

/**
 * A row that keeps failing is tried with ever fewer of its events, so that a slow refusal cannot
 * hide a bad one for ever.
 */
export const probeEvents = (row: StoredRow): number =>
  wasRefusedAlone(row)
    ? PROBE_EVENTS
    : Math.max(1, Math.ceil(row.events / 2 ** Math.max(0, row.attempts - 2)))
