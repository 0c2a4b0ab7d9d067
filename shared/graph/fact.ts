import type { FactKey, Instant } from '../domain/identifiers.ts'
import type { Origin, RiskEvent } from '../domain/risk-event.ts'
import type { JsonObject } from '../encoding/json.ts'

/** A fact as Graph tells it now, as the record that the stream would have sent. */
export interface GraphFact {
  readonly event: RiskEvent
  readonly record: JsonObject
}

/** A fact as the archive has it. */
export interface ArchivedFact {
  readonly event: RiskEvent
  readonly origin: Origin
  readonly enqueuedAt: Instant
}

/** What the archive knows of one fact. */
export interface KnownFact {
  readonly category: RiskEvent['category']
  readonly lastUpdatedAt: Instant
  /** The version that arrived last; absent where nobody asks for it. */
  readonly latest: RiskEvent | undefined
  /** When the stream brought it first; absent: others did. */
  readonly fromStreamAt: Instant | undefined
}

export type KnownFacts = ReadonlyMap<FactKey, KnownFact>

/**
 * Gathers the facts of an archive.
 * @param isWanted whether the version of a fact is asked for: an archive of years has far too many
 */
export async function knownFacts(
  archived: AsyncIterable<ArchivedFact>,
  isWanted: (key: FactKey) => boolean,
): Promise<KnownFacts> {
  const known = new Map<FactKey, KnownFact>()
  const latestAt = new Map<FactKey, Instant>()
  for await (const { event, origin, enqueuedAt } of archived) {
    const { factKey, category, lastUpdatedAt } = event
    const before = known.get(factKey)
    const isLatest = isWanted(factKey) && enqueuedAt >= (latestAt.get(factKey) ?? enqueuedAt)
    if (isLatest) latestAt.set(factKey, enqueuedAt)
    known.set(factKey, {
      category,
      lastUpdatedAt,
      latest: isLatest ? event : before?.latest,
      fromStreamAt: earlier(before?.fromStreamAt, origin === 'stream' ? enqueuedAt : undefined),
    })
  }
  return known
}

const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a

/** What is ours, or says nothing of the fact. */
const OURS: ReadonlySet<string> = new Set([
  'eventId',
  'factKey',
  'origin',
  'lastUpdatedFrom',
  'attack',
  'detection',
  'processing',
  'extra',
])

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function hasMore(now: unknown, before: unknown): boolean {
  if (isObject(now))
    return Object.entries(now).some(([name, value]) =>
      hasMore(value, isObject(before) ? before[name] : undefined),
    )
  if (now === undefined || now === '' || (Array.isArray(now) && now.length === 0)) return false
  return JSON.stringify(now) !== JSON.stringify(before)
}

/** Whether an event has a value that another event about the same fact lacks or has otherwise. */
export const saysMore = (now: RiskEvent, before: RiskEvent): boolean =>
  Object.entries(now).some(
    ([name, value]) =>
      !OURS.has(name) && hasMore(value, (before as unknown as Record<string, unknown>)[name]),
  )
