import { groupBy } from '../../verify/group-by.ts'
import { type Cause, type CauseCounts, NO_DUPLICATES } from './causes.ts'
import type { Arrival, Disruption, RunHistory, SinkHistory } from './history.ts'
import { windowKnew } from './window-knew.ts'

/** Why a sink received events more than once. */
export interface Explanation {
  readonly duplicatesBy: CauseCounts
  /** One per arrival without a cause. */
  readonly problems: readonly string[]
}

interface Explained extends Arrival {
  /** Undefined for the first arrival. */
  readonly cause: Cause | undefined
}

/**
 * Gives each arrival beyond the first of its event exactly one cause, or a problem. Nothing is
 * excused twice: one lost answer or one disruption explains one more arrival of a position.
 *
 * - `answerLost`: an earlier arrival of the same position, whose answer the sender never got.
 * - `ranAgain`: all earlier ones were answered, but while the program was processing the position, a
 *   disruption may have kept it from recording that. It need not lie between the two arrivals: a
 *   batch that runs again can leave a second pending delivery, and both are redelivered later.
 * - `repeatedInStream`: this position was not received before; the archive has the event at an earlier
 *   position too, and no process that ingested it had that one in its duplicate window.
 */
export function explainDuplicates(history: SinkHistory, run: RunHistory): Explanation {
  const duplicatesBy = { ...NO_DUPLICATES }
  const problems: string[] = []
  for (const arrivals of groupBy(history.arrivals, (arrival) => arrival.eventId).values()) {
    const earlier: Explained[] = []
    for (const arrival of arrivals) {
      const cause = earlier.length === 0 ? undefined : causeOf(arrival, earlier, history, run)
      if (cause !== undefined) duplicatesBy[cause]++
      else if (earlier.length > 0) problems.push(unexplained(arrival, earlier, history, run))
      earlier.push({ ...arrival, cause })
    }
  }
  return { duplicatesBy, problems }
}

function causeOf(
  arrival: Arrival,
  earlier: readonly Explained[],
  history: SinkHistory,
  run: RunHistory,
): Cause | undefined {
  const archivedAt = run.archived.get(arrival.eventId)?.get(arrival.position)
  if (archivedAt === undefined) return undefined
  const same = earlier.filter(({ position }) => position === arrival.position)
  if (same.length === 0) return windowKnew(arrival, history, run) ? undefined : 'repeatedInStream'
  const excused = (cause: Cause): number => same.filter((before) => before.cause === cause).length
  if (same.filter(({ answered }) => !answered).length > excused('answerLost')) return 'answerLost'
  const struck = run.disruptions.filter((disruption) =>
    strikes(disruption, history.sink, arrival, archivedAt),
  ).length
  return struck > excused('ranAgain') ? 'ranAgain' : undefined
}

const strikes = (disruption: Disruption, sink: string, arrival: Arrival, archivedAt: number): boolean =>
  (disruption.sink ?? sink) === sink &&
  (disruption.partition ?? arrival.partition) === arrival.partition &&
  disruption.to >= archivedAt &&
  disruption.from <= arrival.at

function unexplained(
  arrival: Arrival,
  earlier: readonly Arrival[],
  { sink }: SinkHistory,
  { startedAt }: RunHistory,
): string {
  const told = ({ position, at, answered }: Arrival): string =>
    `${position} at ${((at - startedAt) / 1000).toFixed(3)} s${answered ? '' : ', not answered'}`
  const before =
    earlier.findLast(({ position }) => position === arrival.position) ?? earlier.at(-1) ?? arrival
  return `event ${arrival.eventId.slice(0, 12)} is at ${sink} once more for no known cause: from ${told(arrival)}; before from ${told(before)}`
}
