import { type DeadLetters, lettersOf } from '../../delivery/dead-letters/dead-letter.ts'
import { covers } from '../../delivery/dedup/settled-range.ts'
import type { Lane, LaneWork } from '../../delivery/sink-pipeline.ts'
import type { ExportedEvent } from '../../domain/exported-event.ts'
import { recordFault } from '../../domain/fault.ts'
import type { Time } from '../../domain/time.ts'

const DEFECT = recordFault(
  'internalFault',
  'This program met a defect of its own while delivering the event; the sink may have it all the same. Report the defect, then retry the dead letter.',
)

/** What cannot be asked because of a defect is wanted: a letter too many is no loss. */
function isWanted(lane: Lane, event: ExportedEvent): boolean {
  try {
    return lane.accepts(event)
  } catch {
    return true
  }
}

/**
 * Buries, for one sink, what it was to get and is not known to have.
 * @throws DurabilityError when the dead letters cannot be written
 */
export async function buryRemainder(
  lane: Lane,
  { events, mark }: Pick<LaneWork, 'events' | 'mark'>,
  deadLetters: DeadLetters,
  time: Pick<Time, 'now'>,
): Promise<void> {
  const unknown = events.filter(({ event, position }) => !covers(mark, position) && isWanted(lane, event))
  const refused = unknown.map((archived) => ({ archived, fault: DEFECT }))
  const nowMs = time.now()
  await deadLetters.bury(lettersOf(lane.sink.name, refused, 0, nowMs, nowMs))
}
