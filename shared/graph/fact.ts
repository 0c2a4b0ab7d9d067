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
  readonly latest: RiskEvent
  /** When the stream brought it first; absent: others did. */
  readonly fromStreamAt: Instant | undefined
}

export type KnownFacts = ReadonlyMap<FactKey, KnownFact>

/** Gathers the facts of an archive, each with its latest version. */
export async function knownFacts(archived: AsyncIterable<ArchivedFact>): Promise<KnownFacts> {
  const known = new Map<FactKey, KnownFact & { readonly at: Instant }>()
  for await (const { event, origin, enqueuedAt } of archived) {
    const before = known.get(event.factKey)
    const streamAt = origin === 'stream' ? enqueuedAt : undefined
    known.set(event.factKey, {
      latest: before === undefined || enqueuedAt >= before.at ? event : before.latest,
      at: before === undefined || enqueuedAt >= before.at ? enqueuedAt : before.at,
      fromStreamAt: earlier(before?.fromStreamAt, streamAt),
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
