import { type FactKey, type Instant, instant } from '../domain/identifiers.ts'
import type { RiskEvent } from '../domain/risk-event.ts'
import type { Time } from '../domain/time.ts'
import type { JsonObject } from '../encoding/json.ts'
import { type ArchivedFact, type GraphFact, isEnriched, type KnownFacts, knownFacts } from './fact.ts'
import { type GraphFactsDeps, type GraphScope, graphFacts } from './graph-facts.ts'
import { type FactCounts, perMille, type ReconcileReport } from './reconcile-report.ts'
import type { ReconcileState } from './reconcile-state.ts'

/** What to compare, and when to send missing facts. */
export interface ReconcileScope extends GraphScope {
  /**
   * How long a fact must be missing before it is sent. The stream is minutes to hours late; sending
   * sooner would duplicate what it still delivers.
   */
  readonly graceMs: number
}

export interface ReconcileDeps extends GraphFactsDeps {
  /** Archived risk events enqueued at or after an instant. */
  readonly archivedFrom: (from: Instant) => AsyncIterable<ArchivedFact>
  /** Sends records (at least one) to the hub; `refrained` if the user declined. */
  readonly send: (records: readonly JsonObject[]) => Promise<'sent' | 'refrained'>
  readonly time: Pick<Time, 'now'>
}

/** A fact sent but not archived after this time was lost, and is sent again. */
const RESEND_AFTER_MS = 6 * 3_600_000

export interface Reconciled {
  readonly report: ReconcileReport
  readonly state: ReconcileState
  /** What Graph has of the time compared. */
  readonly events: readonly RiskEvent[]
}

/**
 * Compares Graph with the archive, and sends missing facts to the hub as records of origin `graph`,
 * which are then processed like all others. Idempotent.
 */
export async function reconcile(
  scope: ReconcileScope,
  before: ReconcileState,
  deps: ReconcileDeps,
  signal: AbortSignal,
): Promise<Reconciled> {
  const now = instant(deps.time.now())
  // Graph before the archive, so that facts arriving in between are found.
  const { facts, unread, historyUntil } = await graphFacts(scope, before.historyUntil, deps, signal)
  const known = await knownFacts(deps.archivedFrom(scope.from), (key) => facts.has(key))
  const missing = [...facts].filter(([key]) => !known.has(key))
  const missingSince = new Map(missing.map(([key]) => [key, before.missingSince.get(key) ?? now] as const))
  const isDue = (key: FactKey): boolean =>
    now - (missingSince.get(key) ?? now) >= scope.graceMs &&
    now - (before.sentAt.get(key) ?? Number.NEGATIVE_INFINITY) >= RESEND_AFTER_MS
  const due = missing.filter(([key]) => isDue(key))
  const isSent = due.length > 0 && (await deps.send(due.map(([, { record }]) => record))) === 'sent'
  const sentAt = new Map([
    ...[...before.sentAt].filter(([, at]) => now - at < RESEND_AFTER_MS),
    ...(isSent ? due.map(([key]) => [key, now] as const) : []),
  ])
  const counts = countFacts(facts, known, scope.from, new Set(unread.map(({ name }) => name)), deps)
  const oldest = missing.reduce<Instant | undefined>(
    (oldest, [, { event }]) =>
      oldest === undefined || event.lastUpdatedAt < oldest ? event.lastUpdatedAt : oldest,
    undefined,
  )
  const report: ReconcileReport = {
    at: now,
    from: scope.from,
    ...counts,
    due: due.length,
    sent: isSent ? due.length : 0,
    ...(oldest === undefined ? {} : { oldestMissingAt: oldest }),
    streamLagSeconds: lagSeconds(facts, known),
    streamLossPerMille: perMille(counts.onlyInGraph, counts.inBoth + counts.onlyInGraph),
    unread,
  }
  // An identity's history is read again until all of it is archived.
  const open = new Set(missing.map(([, { event }]) => event.identity.id))
  const done = new Map([...historyUntil].filter(([id]) => !open.has(id)))
  const events = [...facts.values()].map(({ event }) => event)
  return { report, state: { missingSince, sentAt, historyUntil: done, report }, events }
}

function countFacts(
  facts: ReadonlyMap<FactKey, GraphFact>,
  known: KnownFacts,
  from: Instant,
  unread: ReadonlySet<string>,
  { collections }: Pick<ReconcileDeps, 'collections'>,
): FactCounts {
  let [inBoth, onlyInGraph, enrichedInGraph] = [0, 0, 0]
  for (const [key, { event }] of facts) {
    const archived = known.get(key)
    if (archived?.fromStreamAt === undefined) onlyInGraph += 1
    else {
      inBoth += 1
      if (archived.latest !== undefined && isEnriched(event, archived.latest)) enrichedInGraph += 1
    }
  }
  // If a collection was not read to the end, nothing can be called missing in Graph.
  const categories = new Set<string>(
    collections.filter(({ name }) => !unread.has(name)).map(({ category }) => category),
  )
  const onlyInStream = [...known].filter(
    ([key, { category, lastUpdatedAt, fromStreamAt }]) =>
      !facts.has(key) && fromStreamAt !== undefined && lastUpdatedAt >= from && categories.has(category),
  ).length
  return { inBoth, onlyInStream, onlyInGraph, enrichedInGraph }
}

function lagSeconds(facts: ReadonlyMap<FactKey, GraphFact>, known: KnownFacts): number {
  let lagMs = 0
  for (const [key, { event }] of facts) {
    const at = known.get(key)?.fromStreamAt
    if (at !== undefined) lagMs = Math.max(lagMs, at - event.lastUpdatedAt)
  }
  return Math.round(lagMs / 1000)
}
