import type { MarkerNote } from '../../shared/delivery/dead-letters/action.ts'
import type { FiledLetter } from '../../shared/delivery/dead-letters/dead-letter-store.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'

/** A dead letter as `--json` prints it: instants as ISO 8601. */
export function letterJson({ letter, state, markers }: FiledLetter, notes: readonly MarkerNote[] = []) {
  const { position, firstTriedAt, diedAt, replay, ...rest } = letter
  return {
    state,
    ...rest,
    position: { ...position, enqueuedAt: isoInstant(position.enqueuedAt) },
    firstTriedAt: isoInstant(firstTriedAt),
    diedAt: isoInstant(diedAt),
    ...(replay === undefined ? {} : { replay: { mode: replay.mode, askedAt: isoInstant(replay.askedAt) } }),
    deeds: markers.map(({ deed, at }, i) => ({ deed, at: isoInstant(at), ...notes[i] })),
  }
}
