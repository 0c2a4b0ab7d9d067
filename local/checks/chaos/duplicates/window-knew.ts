import { WINDOW_LIMITS } from '../../../../shared/delivery/dedup/duplicate-window.ts'
import type { Arrival, Ingestion, RunHistory, SinkHistory } from './history.ts'

/** Well within the window's limit, since times seen from outside are only approximate. */
const SURELY_KNOWN_MS = WINDOW_LIMITS.maxAgeMs / 2

/**
 * Whether every process that ingested the arrival had first settled the same event from another
 * position, so that its duplicate window must have known. Without a trace of ingestion, nothing is
 * assumed.
 */
export function windowKnew(
  { eventId, position }: Arrival,
  history: SinkHistory,
  { archived }: RunHistory,
): boolean {
  const { arrivals, ingestions } = history
  if (arrivals.length > WINDOW_LIMITS.maxIds) return false
  const here = ingestions.get(position) ?? []
  const positions = [...(archived.get(eventId)?.keys() ?? [])].filter((other) => other !== position)
  const elsewhere = positions.flatMap((other) => ingestions.get(other) ?? [])
  const knew = (taken: Ingestion): boolean =>
    taken.process !== undefined &&
    elsewhere.some(
      ({ process, to }) =>
        process === taken.process && to <= taken.from && taken.from - to <= SURELY_KNOWN_MS,
    )
  return here.length > 0 && here.every(knew)
}
