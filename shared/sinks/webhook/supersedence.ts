import type { ArchivedEvent } from '../../domain/exported-event.ts'
import { isoInstant } from '../../domain/iso-instant.ts'
import { effectiveAt } from '../../domain/latest.ts'

const padded = (value: number | string, digits: number): string => String(value).padStart(digits, '0')

/**
 * A text whose alphabetical order is the order that says which of two events is later
 * (`shared/domain/latest.ts`): last updated (not trusted where it lies more than a day ahead),
 * enqueued, partition, sequence number, ordinal. The greatest per identity is the latest, in
 * whichever order deliveries arrive.
 */
export const supersedence = ({ event, position, ordinal }: ArchivedEvent): string =>
  `${isoInstant(effectiveAt(event.lastUpdatedAt, position.enqueuedAt))}/${isoInstant(position.enqueuedAt)}/${padded(position.partition, 4)}/` +
  `${padded(position.sequenceNumber, 20)}/${padded(ordinal, 6)}`
