import { type DeadLetterWriter, deadLettersOf } from '../../delivery/dead-letters/dead-letter.ts'
import { covers, type SettledRanges } from '../../delivery/dedup/settled-range.ts'
import type { SinkPipeline } from '../../delivery/sink-pipeline.ts'
import type { ArchivedEvent, ExportedEvent } from '../../domain/exported-event.ts'
import { recordFault } from '../../domain/fault.ts'
import type { Time } from '../../domain/time.ts'

const DEFECT = recordFault(
  'internalFault',
  'This program met a defect of its own while delivering the event; the sink may have it all the same. Report the defect, then retry the dead letter.',
)

/** What cannot be asked because of a defect is wanted: a dead letter too many is no loss. */
function isWanted(pipeline: SinkPipeline, event: ExportedEvent): boolean {
  try {
    return pipeline.accepts(event)
  } catch {
    return true
  }
}

/**
 * Dead-letters, for one sink, what it was to get and is not known to have.
 * @throws DurabilityError when the dead letters cannot be written
 */
export async function deadLetterRemainder(
  pipeline: SinkPipeline,
  events: readonly ArchivedEvent[],
  settled: SettledRanges | undefined,
  deadLetters: DeadLetterWriter,
  time: Pick<Time, 'now'>,
): Promise<void> {
  const unknown = events.filter(
    ({ event, position }) => !covers(settled, position) && isWanted(pipeline, event),
  )
  const refused = unknown.map((archived) => ({ archived, fault: DEFECT }))
  const nowMs = time.now()
  await deadLetters.write(deadLettersOf(pipeline.sink.name, refused, 0, nowMs, nowMs))
}
