import type { FactKey, Instant } from '../domain/identifiers.ts'
import type { Origin, RiskEvent } from '../domain/risk-event.ts'
import { isJsonObject, type Json, type JsonObject } from '../encoding/json.ts'

/** A fact as Graph has it now, with a record as the stream would have sent it. */
export interface GraphFact {
  readonly event: RiskEvent
  readonly record: JsonObject
}

/** A fact in the archive. */
export interface ArchivedFact {
  readonly event: RiskEvent
  readonly origin: Origin
  readonly enqueuedAt: Instant
}

/** What the archive knows of one fact. */
export interface KnownFact {
  readonly category: RiskEvent['category']
  readonly lastUpdatedAt: Instant
  /** The version that arrived last; `undefined` if it is not wanted. */
  readonly latest: RiskEvent | undefined
  /** When it first arrived from the stream; `undefined` if it never did. */
  readonly fromStreamAt: Instant | undefined
}

export type KnownFacts = ReadonlyMap<FactKey, KnownFact>

/**
 * Collects the facts in an archive.
 * @param isWanted whether to keep the latest version of a fact; all of them would not fit in memory
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

/** Fields that do not come from the fact's source, and are not compared. */
const NOT_COMPARED: ReadonlySet<string> = new Set([
  'eventId',
  'factKey',
  'origin',
  'lastUpdatedFrom',
  'attack',
  'detection',
  'processing',
  'extra',
])

function hasMore(now: Json | undefined, before: Json | undefined): boolean {
  if (isJsonObject(now))
    return Object.entries(now).some(([name, value]) =>
      hasMore(value, isJsonObject(before) ? before[name] : undefined),
    )
  if (now === undefined || now === '' || (Array.isArray(now) && now.length === 0)) return false
  return JSON.stringify(now) !== JSON.stringify(before)
}

const fieldsOf = (event: RiskEvent): JsonObject => event as unknown as JsonObject

/** Whether an event has a value that is missing or different in the earlier event of the fact. */
export const isEnriched = (now: RiskEvent, before: RiskEvent): boolean =>
  Object.entries(fieldsOf(now)).some(
    ([name, value]) => !NOT_COMPARED.has(name) && hasMore(value, fieldsOf(before)[name]),
  )
