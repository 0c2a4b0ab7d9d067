import type { FaultyRecord } from '../../archive/chunk.ts'
import { type DeadLetter, deadLetterId } from '../../delivery/dead-letters/dead-letter.ts'
import { instant } from '../../domain/identifiers.ts'

/** Dead letters for records that never became events. */
export const deadLettersOfRecords = (faults: readonly FaultyRecord[], nowMs: number): readonly DeadLetter[] =>
  faults.map(({ fault, blob, line, position, ordinal, digest }) => ({
    v: 1,
    id: deadLetterId(undefined, blob, line),
    fault,
    blob,
    line,
    position,
    ordinal,
    digest,
    attempts: 0,
    firstTriedAt: instant(nowMs),
    deadLetteredAt: instant(nowMs),
  }))
