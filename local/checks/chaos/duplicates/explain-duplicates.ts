import { groupBy } from '../../verify/group-by.ts'
import { type Cause, type CauseCounts, NO_DUPLICATES } from './causes.ts'
import type { Landing, RunStory, SinkStory, Upset } from './story.ts'
import { windowKnew } from './window-knew.ts'

/** Why the events of one sink landed more than once. */
export interface Explanation {
  readonly duplicatesBy: CauseCounts
  /** One for each landing that has no cause. */
  readonly problems: readonly string[]
}

interface Explained extends Landing {
  /** Of the first landing: none. */
  readonly cause: Cause | undefined
}

/**
 * Gives each landing beyond the first of its event exactly one cause, or a problem. Nothing is excused twice: one lost answer and one upset
 * account for one more landing of a place each.
 *
 * - `answerLost`: an earlier landing of the same place, whose answer the sender never got.
 * - `ranAgain`: all earlier ones were answered, but while the place was in the program's hands something struck that can keep it from
 *   noting that. It need not lie between the two landings: a batch that runs again can leave a second debt, and both are paid later.
 * - `repeatedInStream`: nothing of this place landed before; the archive has the event at an earlier place too, and no process that took it
 *   in had that in its duplicate window.
 */
export function explainDuplicates(story: SinkStory, run: RunStory): Explanation {
  const duplicatesBy = { ...NO_DUPLICATES }
  const problems: string[] = []
  for (const landings of groupBy(story.landings, (landing) => landing.eventId).values()) {
    const earlier: Explained[] = []
    for (const landing of landings) {
      const cause = earlier.length === 0 ? undefined : causeOf(landing, earlier, story, run)
      if (cause !== undefined) duplicatesBy[cause]++
      else if (earlier.length > 0) problems.push(unexplained(landing, earlier, story, run))
      earlier.push({ ...landing, cause })
    }
  }
  return { duplicatesBy, problems }
}

function causeOf(
  landing: Landing,
  earlier: readonly Explained[],
  story: SinkStory,
  run: RunStory,
): Cause | undefined {
  const archivedAt = run.archived.get(landing.eventId)?.get(landing.place)
  if (archivedAt === undefined) return undefined
  const same = earlier.filter(({ place }) => place === landing.place)
  if (same.length === 0) return windowKnew(landing, story, run) ? undefined : 'repeatedInStream'
  const excused = (cause: Cause): number => same.filter((before) => before.cause === cause).length
  if (same.filter(({ answered }) => !answered).length > excused('answerLost')) return 'answerLost'
  const struck = run.upsets.filter((upset) => strikes(upset, story.sink, landing, archivedAt)).length
  return struck > excused('ranAgain') ? 'ranAgain' : undefined
}

const strikes = (upset: Upset, sink: string, landing: Landing, archivedAt: number): boolean =>
  (upset.sink ?? sink) === sink &&
  (upset.partition ?? landing.partition) === landing.partition &&
  upset.to >= archivedAt &&
  upset.from <= landing.at

function unexplained(
  landing: Landing,
  earlier: readonly Landing[],
  { sink }: SinkStory,
  { startedAt }: RunStory,
): string {
  const told = ({ place, at, answered }: Landing): string =>
    `${place} at ${((at - startedAt) / 1000).toFixed(3)} s${answered ? '' : ', not answered'}`
  const before = earlier.findLast(({ place }) => place === landing.place) ?? earlier.at(-1) ?? landing
  return `event ${landing.eventId.slice(0, 12)} is at ${sink} once more for no known cause: from ${told(landing)}; before from ${told(before)}`
}
