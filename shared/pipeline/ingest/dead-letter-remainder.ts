import { type DeadLetterWriter, deadLettersOf } from '../../delivery/dead-letters/dead-letter.ts'
import { covers, type SettledRanges } from '../../delivery/dedup/settled-range.ts'
import type { SinkPipeline } from '../../delivery/sink-pipeline.ts'
import type { ArchivedEvent, FlatEvent } from '../../domain/exported-event.ts'
import type { Time } from '../../domain/time.ts'
import { contain, DEFECT } from '../contain-defects.ts'

/** If a defect keeps the filter from deciding: an extra dead letter is harmless. */
const isWanted = (pipeline: SinkPipeline, event: FlatEvent): boolean =>
  contain(
    () => pipeline.accepts(event),
    () => true,
  )

/**
 * Dead-letters what one sink should have received and is not known to have.
 * @throws DurabilityError if the dead letters cannot be written
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
  const refused = unknown.map((archived) => ({ archived, fault: DEFECT.settling }))
  const nowMs = time.now()
  await deadLetters.write(deadLettersOf(pipeline.sink.name, refused, 0, nowMs, nowMs))
}
