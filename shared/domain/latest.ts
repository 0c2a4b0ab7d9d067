import type { ArchivedEvent } from './exported-event.ts'
import type { Instant } from './identifiers.ts'
import type { RiskEvent } from './risk-event.ts'

/** What the order of events depends on. */
type Ordered = Pick<ArchivedEvent, 'position' | 'ordinal'> & {
  readonly event: Pick<RiskEvent, 'lastUpdatedAt'>
}

const MAX_AHEAD_MS = 86_400_000

/**
 * The time that orders an event: its last update or, if that is more than a day after the enqueued
 * time, the enqueued time. Otherwise a date in the far future would stay the latest for ever.
 */
export const effectiveAt = (lastUpdatedAt: Instant, enqueuedAt: Instant): Instant =>
  lastUpdatedAt - enqueuedAt > MAX_AHEAD_MS ? enqueuedAt : lastUpdatedAt

const effectiveAtOf = ({ event, position }: Ordered): Instant =>
  effectiveAt(event.lastUpdatedAt, position.enqueuedAt)

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Partition numbers in numeric order, then any other names: a total order. */
function comparePartitions(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)]
  const [isNumber, otherIsNumber] = [Number.isFinite(x), Number.isFinite(y)]
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1
  return (isNumber ? x - y : 0) || compareTexts(a, b)
}

/**
 * Orders two events about one identity: last updated (`effectiveAt`), enqueued, partition, sequence
 * number, ordinal. Independent of the order of arrival.
 */
export const compareEvents = (a: Ordered, b: Ordered): number =>
  effectiveAtOf(a) - effectiveAtOf(b) ||
  a.position.enqueuedAt - b.position.enqueuedAt ||
  comparePartitions(a.position.partition, b.position.partition) ||
  a.position.sequenceNumber - b.position.sequenceNumber ||
  a.ordinal - b.ordinal
