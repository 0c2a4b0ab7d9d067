import type { FactKey, Instant } from '../domain/identifiers.ts'
import type { RiskEvent } from '../domain/risk-event.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { GraphFact } from './fact.ts'
import type { GraphClient } from './graph-client.ts'
import type { UnreadCollection } from './reconcile-report.ts'
import { historyPath, type RiskCollection, recordOf, stateOf } from './risk-collections.ts'

export interface GraphFactsDeps {
  readonly collections: readonly RiskCollection[]
  readonly client: Pick<GraphClient, 'list'>
  readonly tenantId: string
  /** Normalises a record like one from the stream; `undefined` if it cannot be read. */
  readonly readRecord: (record: JsonObject) => RiskEvent | undefined
  /** @param read number of facts read so far */
  readonly onRead?: (read: number) => void
}

/** What to read from Graph. */
export interface GraphScope {
  /** Only facts last updated at or after this. */
  readonly from: Instant
  /** Maximum of identities whose history is read; each takes its own request. */
  readonly maxHistories: number
}

export interface GraphFacts {
  readonly facts: ReadonlyMap<FactKey, GraphFact>
  readonly unread: readonly UnreadCollection[]
  readonly historyUntil: ReadonlyMap<string, Instant>
}

/**
 * Reads the risk facts in Graph: all objects in scope, and the earlier states of identities that
 * have changed.
 * @param known by identity id: last update up to which its history has been read
 */
export async function graphFacts(
  { from, maxHistories }: GraphScope,
  known: ReadonlyMap<string, Instant>,
  deps: GraphFactsDeps,
  signal: AbortSignal,
): Promise<GraphFacts> {
  const { collections, client, tenantId, readRecord, onRead } = deps
  const facts = new Map<FactKey, GraphFact>()
  const unread: UnreadCollection[] = []
  const historyUntil = new Map<string, Instant>()
  let historiesLeft = maxHistories

  function add(collection: RiskCollection, object: JsonObject): RiskEvent | undefined {
    const record = recordOf(collection, object, tenantId)
    const event = readRecord(record)
    if (event === undefined || event.lastUpdatedAt < from) return undefined
    facts.set(event.factKey, { event, record })
    onRead?.(facts.size)
    return event
  }

  for (const collection of collections) {
    const changed: { readonly object: JsonObject; readonly event: RiskEvent }[] = []
    const fault = await client.list(
      collection.path,
      (object) => {
        const event = add(collection, object)
        if (event !== undefined) changed.push({ object, event })
      },
      signal,
    )
    if (fault !== undefined) unread.push({ name: collection.name, fault })
    if (!collection.hasHistory) continue
    for (const { object, event } of changed) {
      const { id } = event.identity
      const until = known.get(id)
      if (until !== undefined) historyUntil.set(id, until)
      if (until === event.lastUpdatedAt || historiesLeft === 0) continue
      historiesLeft -= 1
      // `notFound`: the identity was deleted, so there is no history to read.
      const missing = await client.list(
        historyPath(id),
        (item) => add(collection, stateOf(object, item)),
        signal,
      )
      if (missing === undefined || missing.kind === 'notFound') historyUntil.set(id, event.lastUpdatedAt)
      else {
        unread.push({ name: `${collection.name}/history`, fault: missing })
        historiesLeft = 0
      }
    }
  }
  return { facts, unread, historyUntil }
}
