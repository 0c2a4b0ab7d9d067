import { describe, expect, it } from 'vitest'
import { instant, tenantId } from '../../shared/domain/identifiers.ts'
import { gatherHealth, type HealthSources, heartbeatMessage } from '../../shared/operations/heartbeat.ts'
import { readingState } from '../../shared/operations/status/reading-state.ts'
import { readMessage } from '../../shared/source/read-message.ts'
import { asObject } from '../support/event-forms.ts'

const SENT = instant(Date.UTC(2026, 2, 1, 10))
const SINCE = instant(SENT - 300_000)
const TENANT = tenantId('11111111-2222-4333-8444-555555555555')
const outboxPartition = (sink: string, partition: string) => ({
  sink,
  namespace: 'ns',
  hub: 'hub',
  partition,
})

const sources: HealthSources = {
  recordsSince: async () => ({ records: 12, events: 10, faults: 1, skipped: 1 }),
  outcomesSince: async () =>
    new Map([['webhook', { delivered: 4, pending: 6, deadLettered: 0, duplicate: 0, filtered: 0 }]]),
  deadLettersSince: async () => 1,
  pendingPartitions: async () => [
    {
      outboxPartition: outboxPartition('webhook', '0'),
      rows: 2,
      events: 6,
      oldestTriedAt: instant(SENT - 30_000),
      attended: true,
    },
    {
      outboxPartition: outboxPartition('webhook', '1'),
      rows: 1,
      events: 3,
      oldestTriedAt: instant(SENT - 90_000),
      attended: false,
    },
  ],
  reading: async () =>
    ([39, 'unknown', 500, undefined] as const).map((checkpoint, n) =>
      readingState({
        partition: String(n),
        firstSequenceNumber: 12,
        lastSequenceNumber: 41,
        isEmpty: false,
        lastEnqueuedAt: SENT,
        checkpoint,
      }),
    ),
  notConfigured: [],
}

describe('heartbeat', () => {
  it('says what came in, what is pending and for how long, and how far behind the hub it is', async () => {
    expect(await gatherHealth(sources, ['log-analytics', 'webhook'], { since: SINCE, sentAt: SENT })).toEqual(
      {
        since: '2026-03-01T09:55:00.000Z',
        records: 12,
        events: 10,
        faults: 1,
        skipped: 1,
        deadLetters: 1,
        pending: 9,
        oldestPendingSeconds: 90,
        sinks: {
          'log-analytics': {
            delivered: 0,
            deadLettered: 0,
            duplicate: 0,
            filtered: 0,
            pending: 0,
            oldestPendingSeconds: 0,
          },
          webhook: {
            delivered: 4,
            deadLettered: 0,
            duplicate: 0,
            filtered: 0,
            pending: 9,
            oldestPendingSeconds: 90,
          },
        },
        partitions: [
          { partition: '0', lastSequenceNumber: 41, state: 'reading', behind: 2 },
          { partition: '1', lastSequenceNumber: 41, state: 'unknown' },
          { partition: '2', lastSequenceNumber: 41, state: 'beyondEnd', behind: 30 },
          { partition: '3', lastSequenceNumber: 41, state: 'neverRead', behind: 30 },
        ],
      },
    )
  })

  it('names a sink whose settings cannot be used, though nothing is pending for it', async () => {
    const broken = { ...sources, notConfigured: ['soc'] }
    const { sinks } = await gatherHealth(broken, ['soc', 'webhook'], { since: SINCE, sentAt: SENT })
    expect(sinks).toMatchObject({ soc: { pending: 0, notConfigured: true } })
    expect(sinks).not.toMatchObject({ webhook: { notConfigured: true } })
  })

  it('is a message that the program itself can read', async () => {
    const health = await gatherHealth(sources, ['webhook'], { since: SINCE, sentAt: SENT })
    const head = { tenantId: TENANT, instanceId: 'hub/group', version: '1.2.3', since: SINCE, sentAt: SENT }
    const position = {
      namespace: 'ns',
      hub: 'hub',
      partition: '0',
      sequenceNumber: 0,
      offset: '0',
      enqueuedAt: SENT,
    }
    const read = readMessage(
      { position, body: Buffer.from(heartbeatMessage(head, health)) },
      { tenantId: TENANT, includeUserRisk: false, language: 'en' },
    )
    const readings = read.status === 'split' ? read.records.map(({ reading }) => asObject(reading)) : []
    expect(readings).toMatchObject([
      {
        status: 'event',
        event: {
          kind: 'heartbeat',
          origin: 'exporter',
          version: '1.2.3',
          lastUpdatedAt: SENT,
          health: { pending: 9 },
        },
      },
    ])
  })
})
