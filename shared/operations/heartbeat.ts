import type { OwingPage } from '../delivery/outbox/outbox.ts'
import { HEARTBEAT_CATEGORY } from '../domain/category.ts'
import type { Instant, TenantId } from '../domain/identifiers.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import type { RecordTally, SinkTally } from '../domain/tally.ts'
import type { JsonObject } from '../encoding/json.ts'
import type { ReadingState } from './status/reading-state.ts'

/** Where a heartbeat's figures come from: durable things alone, since Flex runs each function in processes of its own. */
export interface HealthSources {
  recordsSince(since: Instant): Promise<RecordTally>
  endsSince(since: Instant): Promise<ReadonlyMap<string, SinkTally>>
  deadLettersSince(since: Instant): Promise<number>
  owing(): Promise<readonly OwingPage[]>
  reading(): Promise<readonly ReadingState[]>
}

/** What a heartbeat says of itself. */
export interface HeartbeatHead {
  readonly tenantId: TenantId
  /** Which deployment it is. */
  readonly instanceId: string
  readonly version: string
  readonly since: Instant
  readonly sentAt: Instant
}

const secondsSince = (at: Instant, now: Instant): number => Math.max(0, Math.round((now - at) / 1000))

function owedAt(sink: string, owing: readonly OwingPage[], now: Instant): JsonObject {
  const pages = owing.filter(({ page }) => page.sink === sink)
  const oldest = pages.reduce<Instant | undefined>(
    (known, { oldestTriedAt }) => (known === undefined || oldestTriedAt < known ? oldestTriedAt : known),
    undefined,
  )
  return {
    owed: pages.reduce((sum, { events }) => sum + events, 0),
    oldestOwedSeconds: oldest === undefined ? 0 : secondsSince(oldest, now),
  }
}

/** The exporter's health, counted from what is stored. */
export async function gatherHealth(
  sources: HealthSources,
  sinks: readonly string[],
  { since, sentAt }: Pick<HeartbeatHead, 'since' | 'sentAt'>,
): Promise<JsonObject> {
  const [records, ends, deadLetters, owing, reading] = await Promise.all([
    sources.recordsSince(since),
    sources.endsSince(since),
    sources.deadLettersSince(since),
    sources.owing(),
    sources.reading(),
  ])
  const bySink = sinks.map((sink): [string, JsonObject] => {
    const { owed: _, ...settled } = ends.get(sink) ?? {
      delivered: 0,
      owed: 0,
      deadLettered: 0,
      duplicate: 0,
      filtered: 0,
    }
    return [sink, { ...settled, ...owedAt(sink, owing, sentAt) }]
  })
  return {
    since: isoInstant(since),
    ...records,
    deadLetters,
    owed: owing.reduce((sum, { events }) => sum + events, 0),
    oldestOwedSeconds: Math.max(0, ...owing.map(({ oldestTriedAt }) => secondsSince(oldestTriedAt, sentAt))),
    sinks: Object.fromEntries(bySink),
    partitions: reading.map(({ partition, lastSequenceNumber, state, behind }) => ({
      partition,
      lastSequenceNumber,
      state,
      ...(behind === undefined ? {} : { behind }),
    })),
  }
}

/** The message that a heartbeat is: it takes the road of every record. */
export const heartbeatMessage = (head: HeartbeatHead, health: JsonObject): string =>
  JSON.stringify({
    records: [
      {
        time: isoInstant(head.sentAt),
        category: HEARTBEAT_CATEGORY,
        origin: 'exporter',
        tenantId: head.tenantId,
        properties: {
          sentAt: isoInstant(head.sentAt),
          version: head.version,
          instanceId: head.instanceId,
          health,
        },
      },
    ],
  })
