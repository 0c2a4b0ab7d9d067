import { WINDOW_LIMITS } from '../../../../shared/delivery/dedup/duplicate-window.ts'
import type { Arrival, RunHistory, SinkHistory, TakenIn } from './history.ts'

/**
 * Well within the window's own limit: how long ago something was can be told from outside only
 * roughly.
 */
const SURELY_KNOWN_MS = WINDOW_LIMITS.maxAgeMs / 2

/**
 * Whether every process that took in what arrived had settled the same event from another place
 * before it began: its duplicate window must have known. What left no trace of being taken in is
 * nobody's knowledge.
 */
export function windowKnew(
  { eventId, place }: Arrival,
  history: SinkHistory,
  { archived }: RunHistory,
): boolean {
  const { arrivals, takenIn } = history
  if (arrivals.length > WINDOW_LIMITS.maxIds) return false
  const here = takenIn.get(place) ?? []
  const places = [...(archived.get(eventId)?.keys() ?? [])].filter((other) => other !== place)
  const elsewhere = places.flatMap((other) => takenIn.get(other) ?? [])
  const knew = (taken: TakenIn): boolean =>
    taken.process !== undefined &&
    elsewhere.some(
      ({ process, to }) =>
        process === taken.process && to <= taken.from && taken.from - to <= SURELY_KNOWN_MS,
    )
  return here.length > 0 && here.every(knew)
}
