import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { effectiveAt } from '../../domain/latest.ts'
import type { Position } from '../../domain/position.ts'

let known: Position | undefined
let knownPlace = ''

/** The part that the events of a message share. */
function placeOf(position: Position): string {
  if (position !== known) {
    known = position
    knownPlace = `/${isoInstant(position.enqueuedAt)}/${padded(position.partition, 4)}/${padded(position.sequenceNumber, 20)}/`
  }
  return knownPlace
}

const padded = (value: number | string, digits: number): string => String(value).padStart(digits, '0')

/**
 * A string whose alphabetical order says which of two events is later (`shared/domain/latest.ts`):
 * last updated (not trusted if over a day ahead), enqueued, partition, sequence number, ordinal.
 * The greatest per identity is the latest, in any order of arrival.
 */
export const supersedence = ({ event, position, ordinal }: ArchivedEvent): string =>
  `${isoInstant(effectiveAt(event.lastUpdatedAt, position.enqueuedAt))}${placeOf(position)}${padded(ordinal, 6)}`
