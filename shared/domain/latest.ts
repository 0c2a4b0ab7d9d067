import type { ArchivedEvent } from './exported-event.ts'
import type { RiskEvent } from './risk-event.ts'

/** What the order of events looks at. */
type Placed = Pick<ArchivedEvent, 'position' | 'ordinal'> & {
  readonly event: Pick<RiskEvent, 'lastUpdatedAt'>
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Event Hubs numbers its partitions; a name of any other kind comes after the numbers, so that the order has no circles. */
function comparePartitions(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)]
  const [isNumber, otherIsNumber] = [Number.isFinite(x), Number.isFinite(y)]
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1
  return (isNumber ? x - y : 0) || compareTexts(a, b)
}

/**
 * The order that says which of two events about one identity is later:
 * last updated, enqueued, partition, sequence number, ordinal. It does not depend on the order of arrival.
 */
export const compareEvents = (a: Placed, b: Placed): number =>
  a.event.lastUpdatedAt - b.event.lastUpdatedAt ||
  a.position.enqueuedAt - b.position.enqueuedAt ||
  comparePartitions(a.position.partition, b.position.partition) ||
  a.position.sequenceNumber - b.position.sequenceNumber ||
  a.ordinal - b.ordinal

/** The latest event of each identity, by kind; keys are `kind identityType identityId`. */
export function latestByIdentity<E extends Placed & { readonly event: RiskEvent }>(
  events: Iterable<E>,
): ReadonlyMap<string, E> {
  const latest = new Map<string, E>()
  for (const candidate of events) {
    const { kind, identity } = candidate.event
    const key = `${kind} ${identity.type} ${identity.id}`
    const known = latest.get(key)
    if (known === undefined || compareEvents(candidate, known) > 0) latest.set(key, candidate)
  }
  return latest
}
