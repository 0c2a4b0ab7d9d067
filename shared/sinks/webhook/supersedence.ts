import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { effectiveAt } from '../../domain/latest.ts'

const padded = (value: number | string, digits: number): string => String(value).padStart(digits, '0')

/**
 * A string whose alphabetical order says which of two events is later (`shared/domain/latest.ts`):
 * last updated (not trusted if over a day ahead), enqueued, partition, sequence number, ordinal.
 * The greatest per identity is the latest, in any order of arrival.
 */
export const supersedence = ({ event, position, ordinal }: ArchivedEvent): string =>
  `${isoInstant(effectiveAt(event.lastUpdatedAt, position.enqueuedAt))}/${isoInstant(position.enqueuedAt)}/${padded(position.partition, 4)}/` +
  `${padded(position.sequenceNumber, 20)}/${padded(ordinal, 6)}`
