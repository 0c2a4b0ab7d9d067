import { describe, expect, it } from 'vitest'
import type { DeadLetterState } from '../../../shared/delivery/dead-letters/action.ts'
import type { FiledDeadLetter } from '../../../shared/delivery/dead-letters/dead-letter-reader.ts'
import {
  type OutboxPartition,
  outboxPartitionOf,
  type PendingPartition,
  replayPartitionOf,
} from '../../../shared/delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { instant, tenantId } from '../../../shared/domain/identifiers.ts'
import { sealing } from '../../../shared/operations/status/sealing.ts'
import {
  MAX_DEAD_LETTERS_COUNTED,
  needsAttention,
  type StatusSources,
  status,
} from '../../../shared/operations/status/status.ts'
import { messageAt } from '../../support/ingest-world.ts'

const { position } = messageAt(1, '')
const pendingPartitions = (
  outboxPartition: OutboxPartition,
  rows: number,
  events: number,
  oldestMs: number,
): PendingPartition => ({
  outboxPartition,
  rows,
  events,
  oldestTriedAt: instant(oldestMs),
  attended: false,
})
const surveyOf = (outboxPartitions: readonly PendingPartition[]) => ({
  pendingPartitions: outboxPartitions,
  unreadableRows: [],
  setAside: 0,
})
const onPartition = (sink: string, partition: string) => outboxPartitionOf(sink, { ...position, partition })
const deadLetter = (sink: string | undefined, state: DeadLetterState): FiledDeadLetter =>
  ({ deadLetter: { sink }, state, actions: [] }) as unknown as FiledDeadLetter
const deadLetterGroups = (...all: readonly (readonly FiledDeadLetter[])[]): StatusSources['deadLetters'] => ({
  async *newestFirst() {
    yield* all
  },
  unreadable: () => 0,
})
const fault = (message: string) => ({ code: 'unavailable' as const, message })

const APP = {
  tenantId: tenantId('11111111-2222-4333-8444-555555555555'),
  namespace: 'risk.servicebus.windows.net',
  hub: 'entra-risk',
  consumerGroup: '$Default',
}
const HEARTBEAT = { at: instant(1), overdue: false }

const QUIET: StatusSources = {
  app: APP,
  reconciled: async () => undefined,
  contexts: async () => undefined,
  sealing: async () => undefined,
  heartbeat: async () => HEARTBEAT,
  progress: async () => [],
  summary: async () => surveyOf([]),
  firstRow: async () => undefined,
  deadLetters: deadLetterGroups(),
  sinks: new Map([['webhook', true]]),
  lastDeliveries: async () => new Map(),
}
const ofSinks = async (change: Partial<StatusSources>) => (await status({ ...QUIET, ...change })).sinks

describe('the status', () => {
  it('of a program that has nothing pending is that', async () => {
    const nothing = { events: 0, rows: 0, oldestAt: undefined, fault: undefined }
    expect(await status(QUIET)).toEqual({
      app: APP,
      heartbeat: HEARTBEAT,
      partitions: [],
      sinks: [
        {
          sink: 'webhook',
          on: true,
          pending: nothing,
          replaying: nothing,
          deadLetters: 0,
          lastDelivery: undefined,
        },
      ],
      faultyRecords: 0,
      countedAll: true,
      unreadableDeadLetters: 0,
      rowsSetAside: 0,
      clockAhead: [],
    })
  })

  it('adds up what is pending for a sink, and says why the oldest of it is, apart from what was asked for', async () => {
    const outboxPartitions = [
      pendingPartitions(onPartition('webhook', '0'), 2, 20, 500),
      pendingPartitions(onPartition('webhook', '1'), 1, 7, 100),
      pendingPartitions(replayPartitionOf('webhook', position), 3, 3000, 50),
      pendingPartitions(onPartition('log-analytics', '0'), 1, 1, 1),
    ]
    const [webhook] = await ofSinks({
      summary: async () => surveyOf(outboxPartitions),
      firstRow: async ({ partition }) => ({ lastFault: fault(`of ${partition}`) }) as never,
    })
    expect(webhook?.pending).toEqual({ events: 27, rows: 3, oldestAt: 100, fault: fault('of 1') })
    expect(webhook?.replaying).toEqual({ events: 3000, rows: 3, oldestAt: 50, fault: fault('of 0~replay') })
  })

  it('knows a sink that is off by what is pending for it', async () => {
    const sinks = await ofSinks({
      sinks: new Map([
        ['webhook', true],
        ['log-analytics', false],
      ]),
      summary: async () => surveyOf([pendingPartitions(onPartition('forgotten', '0'), 1, 1, 1)]),
    })
    expect(sinks.map(({ sink, on, pending }) => [sink, on, pending.events])).toEqual([
      ['webhook', true, 0],
      ['log-analytics', false, 0],
      ['forgotten', false, 1],
    ])
  })

  it('counts open dead letters by sink, and those of records beside', async () => {
    const deadLetters = deadLetterGroups(
      [deadLetter('webhook', 'open'), deadLetter('webhook', 'retried'), deadLetter('webhook', 'open')],
      [deadLetter(undefined, 'open'), deadLetter(undefined, 'discarded')],
      [deadLetter('webhook', 'open')],
    )
    const { sinks, faultyRecords } = await status({ ...QUIET, deadLetters })
    expect([sinks[0]?.deadLetters, faultyRecords]).toEqual([3, 1])
  })

  it('says where it stopped counting', async () => {
    const half = Array.from({ length: MAX_DEAD_LETTERS_COUNTED / 2 }, () => deadLetter('webhook', 'open'))
    const almost = deadLetterGroups(half, half.slice(1))
    expect(await status({ ...QUIET, deadLetters: almost })).toMatchObject({ countedAll: true })
    const { sinks, countedAll } = await status({ ...QUIET, deadLetters: deadLetterGroups(half, half, half) })
    expect([sinks[0]?.deadLetters, countedAll]).toEqual([MAX_DEAD_LETTERS_COUNTED, false])
  })

  it('says when each sink took how many events last', async () => {
    const receipt = { at: instant(7), delivered: 3 } as ReadReceipt
    const [webhook] = await ofSinks({ lastDeliveries: async () => new Map([['webhook', receipt]]) })
    expect(webhook?.lastDelivery).toEqual({ at: 7, events: 3 })
  })

  it('says of each partition how far the app has come', async () => {
    const { partitions } = await status({
      ...QUIET,
      progress: async () => [
        {
          partition: '3',
          firstSequenceNumber: 0,
          lastSequenceNumber: 9,
          isEmpty: false,
          lastEnqueuedAt: instant(1),
          checkpoint: 4,
        },
      ],
    })
    expect(partitions).toMatchObject([{ partition: '3', behind: 5, state: 'reading' }])
  })

  it('needs a person when the archive was not sealed for longer than a seal may be missing', async () => {
    const at = instant(Date.UTC(2026, 10, 2, 12))
    const end = {
      origin: 'log.example/evidence',
      size: 7,
      root: Buffer.alloc(32),
      keyId: undefined,
      writtenAt: at,
    }
    const later = (minutes: number) => sealing(end, instant(at + minutes * 60_000))
    const needs = async (found: ReturnType<typeof sealing>) =>
      needsAttention(await status({ ...QUIET, sealing: async () => found }))
    expect(await needs(later(61))).toBe(false)
    expect(await needs(later(136))).toBe(true)
    expect(await needs(sealing(undefined, at))).toBe(false)
  })
})
