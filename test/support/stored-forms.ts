import { readFileSync } from 'node:fs'
import type { LeanTable } from '../../shared/azure/lean-table.ts'
import type { ActionNote, DeadLetterAction } from '../../shared/delivery/dead-letters/action.ts'
import type { DeadLetter } from '../../shared/delivery/dead-letters/dead-letter.ts'
import type { SettledRanges } from '../../shared/delivery/dedup/settled-range.ts'
import type { LeaseState } from '../../shared/delivery/outbox/lease.ts'
import type { OutboxPartition, OutboxRow } from '../../shared/delivery/outbox/outbox.ts'
import { recordFault, sinkFault } from '../../shared/domain/fault.ts'
import { eventId, instant } from '../../shared/domain/identifiers.ts'
import { digestOf } from '../../shared/encoding/digest.ts'

/**
 * Everything that is stored, as version 1 has it. Once a version is released its files are never
 * changed: a later one gets its own.
 */
export const stored = (name: string): string =>
  readFileSync(new URL(`../golden/stored/${name}`, import.meta.url), 'utf8')

const at = (iso: string) => instant(Date.parse(iso))

export const OUTBOX_PARTITION: OutboxPartition = {
  sink: 'webhook',
  namespace: 'risk.servicebus.windows.net',
  hub: 'entra-risk',
  partition: '0',
}
const BLOB =
  'v1/ingest_date=2026-03-01/ingest_hour=09/risk.servicebus.windows.net/entra-risk/p=0/00000000000000004711-00000000000000004712-0123456789abcdef.jsonl.gz'

/**
 * Rows of `outbox-rows.json`: a pending delivery of the stream, one whose blob could not be read,
 * one that an operator asked for, one never tried.
 */
export const ROWS: readonly OutboxRow[] = [
  {
    key: '001772356860000-00000000000000004711-0000000-aaaaaaaaaaaaaaaa',
    blob: BLOB,
    lines: '0-2,5',
    events: 4,
    enqueuedAt: at('2026-03-01T09:21:00.000Z'),
    firstTriedAt: at('2026-03-01T09:21:01.250Z'),
    attempts: 3,
    lastFault: { code: 'unauthorized', message: 'The secret is wrong. Check WEBHOOK_SECRET.' },
  },
  {
    key: '001772356860000-00000000000000004712-0000006-bbbbbbbbbbbbbbbb',
    blob: BLOB,
    lines: '6',
    events: 1,
    enqueuedAt: at('2026-03-01T09:21:00.000Z'),
    firstTriedAt: at('2026-03-01T09:21:01.250Z'),
    attempts: 1,
    lastFault: { code: 'archiveUnreadable', message: 'The archive blob is not there.' },
    lookAgainAt: at('2026-03-01T10:00:00.000Z'),
  },
  {
    key: '001772356860000-00000000000000004712-0000007-cccccccccccccccc',
    blob: BLOB,
    lines: '7',
    events: 1,
    enqueuedAt: at('2026-03-01T09:21:00.000Z'),
    firstTriedAt: at('2026-03-02T12:00:00.000Z'),
    attempts: 0,
    mode: 'renormalise',
  },
  {
    key: '001772356860000-00000000000000004712-0000008-dddddddddddddddd',
    blob: BLOB,
    lines: '8',
    events: 1,
    enqueuedAt: at('2026-03-01T09:21:00.000Z'),
    firstTriedAt: at('2026-03-02T12:00:00.000Z'),
    attempts: 0,
    mode: 'asArchived',
  },
]

/** Of `outbox-lease.json`. */
export const LEASE: LeaseState = {
  token: '0f0f0f0f-0000-4000-8000-000000000001',
  heldUntilMs: Date.UTC(2026, 2, 1, 9, 30),
  dueAtMs: 0,
  writtenAtMs: Date.UTC(2026, 2, 1, 9, 29),
}

/** Of `settled-row.json`. */
export const SETTLED: ReadonlyMap<string, SettledRanges> = new Map([
  [
    'log-analytics',
    [
      {
        fromSequenceNumber: 4700,
        toSequenceNumber: 4711,
        fromEnqueuedAt: at('2026-03-01T09:20:00.000Z'),
        toEnqueuedAt: at('2026-03-01T09:21:00.000Z'),
      },
      {
        fromSequenceNumber: 0,
        toSequenceNumber: 3,
        fromEnqueuedAt: at('2026-03-01T10:00:00.000Z'),
        toEnqueuedAt: at('2026-03-01T10:00:03.000Z'),
      },
    ],
  ],
  ['webhook', []],
])

const LETTER_BASE = {
  v: 1,
  blob: BLOB,
  position: {
    namespace: OUTBOX_PARTITION.namespace,
    hub: OUTBOX_PARTITION.hub,
    partition: '0',
    sequenceNumber: 4711,
    offset: '8589934592',
    enqueuedAt: at('2026-03-01T09:21:00.000Z'),
  },
  digest: digestOf(`sha256:${'0'.repeat(64)}`),
  firstTriedAt: at('2026-03-01T09:21:01.250Z'),
} as const

/**
 * Of `dead-letters.jsonl`: an event that was refused, a record that never became one, a pending
 * delivery whose blob could not be read.
 */
export const DEAD_LETTERS: readonly DeadLetter[] = [
  {
    ...LETTER_BASE,
    id: '0123456789abcdef',
    sink: 'webhook',
    fault: recordFault('payloadRefused', 'The receiver refused it. Check the mapping.', { status: 422 }),
    line: 2,
    ordinal: 2,
    eventId: eventId('e'.repeat(32)),
    attempts: 3,
    deadLetteredAt: at('2026-03-01T09:22:00.000Z'),
  },
  {
    ...LETTER_BASE,
    id: '1123456789abcdef',
    fault: recordFault('fieldMissing', 'A field is missing.', { field: 'properties.id' }),
    line: 3,
    ordinal: 3,
    attempts: 0,
    deadLetteredAt: at('2026-03-01T09:21:01.250Z'),
  },
  {
    ...LETTER_BASE,
    id: '2123456789abcdef',
    sink: 'webhook',
    fault: sinkFault('archiveUnreadable', 'The archive blob is not there.'),
    line: 4,
    position: { ...LETTER_BASE.position, offset: '' },
    ordinal: 0,
    digest: digestOf('unknown'),
    attempts: 1,
    deadLetteredAt: at('2026-03-05T09:22:00.000Z'),
    replay: { mode: 'asArchived', askedAt: at('2026-03-02T09:22:00.000Z') },
  },
]

/** Of `dead-letter-action.json`. */
export const ACTION: DeadLetterAction = {
  id: '0123456789abcdef',
  action: 'discarded',
  at: at('2026-03-03T08:00:00.000Z'),
}
export const NOTE: ActionNote = {
  by: { user: 'alice', credential: 'alice@example.com' },
  reason: 'test data of the migration',
}

/**
 * An entity as the service has it, in the form of the golden files: 64-bit numbers with their type.
 */
export type StoredEntity = { readonly partitionKey: string; readonly rowKey: string } & Readonly<
  Record<string, unknown>
>

/** All entities of a table, as stored. */
export async function entitiesIn(table: LeanTable): Promise<readonly StoredEntity[]> {
  const entities: StoredEntity[] = []
  for await (const { etag: _, timestamp: __, ...entity } of table.listEntities<Record<string, unknown>>())
    entities.push(
      Object.fromEntries(
        Object.entries(entity).map(([name, value]) => [
          name,
          typeof value === 'bigint' ? { type: 'Int64', value: String(value) } : value,
        ]),
      ) as StoredEntity,
    )
  return entities
}
