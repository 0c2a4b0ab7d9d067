import type { ActionNote } from '../../shared/delivery/dead-letters/action.ts'
import type { FiledDeadLetter } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { Subject } from '../../shared/operations/dead-letter-subjects.ts'

/** A dead letter as `--json` prints it: instants as ISO 8601. */
export function deadLetterJson(
  { deadLetter, state, actions }: FiledDeadLetter,
  subject: Subject | undefined,
  notes: readonly ActionNote[] = [],
) {
  const { position, firstTriedAt, deadLetteredAt, replay, ...rest } = deadLetter
  return {
    state,
    ...rest,
    ...(subject === undefined ? {} : { identity: subject.identity, riskLevel: subject.level ?? null }),
    position: { ...position, enqueuedAt: isoInstant(position.enqueuedAt) },
    firstTriedAt: isoInstant(firstTriedAt),
    deadLetteredAt: isoInstant(deadLetteredAt),
    ...(replay === undefined ? {} : { replay: { mode: replay.mode, askedAt: isoInstant(replay.askedAt) } }),
    actions: actions.map(({ action, at }, i) => ({ action, at: isoInstant(at), ...notes[i] })),
  }
}
