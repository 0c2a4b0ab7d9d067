import { describe, expect, it } from 'vitest'
import type { LetterState } from '../../../shared/delivery/dead-letters/action.ts'
import type { FiledLetter } from '../../../shared/delivery/dead-letters/dead-letter-store.ts'
import {
  type OutboxPage,
  type OwingPage,
  pageOf,
  replayPageOf,
} from '../../../shared/delivery/outbox/outbox.ts'
import type { ReadReceipt } from '../../../shared/delivery/receipts/parse-receipt.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { MAX_LETTERS_COUNTED, type StatusSources, status } from '../../../shared/operations/status/status.ts'
import { messageAt } from '../../support/ingest-world.ts'

const { position } = messageAt(1, '')
const owing = (page: OutboxPage, rows: number, events: number, oldestMs: number): OwingPage => ({
  page,
  rows,
  events,
  oldestTriedAt: instant(oldestMs),
  attended: false,
})
const surveyOf = (pages: readonly OwingPage[]) => ({ owing: pages, strays: [], setAside: 0 })
const onPartition = (sink: string, partition: string) => pageOf(sink, { ...position, partition })
const letter = (sink: string | undefined, state: LetterState): FiledLetter =>
  ({ letter: { sink }, state, markers: [] }) as unknown as FiledLetter
const burials = (...all: readonly (readonly FiledLetter[])[]): StatusSources['letters'] => ({
  async *newestFirst() {
    yield* all
  },
  unreadable: () => 0,
})
const fault = (message: string) => ({ code: 'unavailable' as const, message })

const QUIET: StatusSources = {
  progress: async () => [],
  survey: async () => surveyOf([]),
  firstRow: async () => undefined,
  letters: burials(),
  sinks: new Map([['webhook', true]]),
  lastDeliveries: async () => new Map(),
}
const ofSinks = async (change: Partial<StatusSources>) => (await status({ ...QUIET, ...change })).sinks

describe('the status', () => {
  it('of a program that owes nothing is that', async () => {
    const nothing = { events: 0, rows: 0, oldestAt: undefined, fault: undefined }
    expect(await status(QUIET)).toEqual({
      partitions: [],
      sinks: [
        {
          sink: 'webhook',
          on: true,
          owed: nothing,
          replaying: nothing,
          deadLetters: 0,
          lastDelivery: undefined,
        },
      ],
      faultyRecords: 0,
      countedAll: true,
      unreadableLetters: 0,
      rowsSetAside: 0,
      clockAhead: [],
    })
  })

  it('adds up what is owed to a sink, and says why the oldest of it is, apart from what was asked for', async () => {
    const pages = [
      owing(onPartition('webhook', '0'), 2, 20, 500),
      owing(onPartition('webhook', '1'), 1, 7, 100),
      owing(replayPageOf('webhook', position), 3, 3000, 50),
      owing(onPartition('log-analytics', '0'), 1, 1, 1),
    ]
    const [webhook] = await ofSinks({
      survey: async () => surveyOf(pages),
      firstRow: async ({ partition }) => ({ lastFault: fault(`of ${partition}`) }) as never,
    })
    expect(webhook?.owed).toEqual({ events: 27, rows: 3, oldestAt: 100, fault: fault('of 1') })
    expect(webhook?.replaying).toEqual({ events: 3000, rows: 3, oldestAt: 50, fault: fault('of 0~replay') })
  })

  it('knows a sink that is off by what is owed to it', async () => {
    const sinks = await ofSinks({
      sinks: new Map([
        ['webhook', true],
        ['log-analytics', false],
      ]),
      survey: async () => surveyOf([owing(onPartition('forgotten', '0'), 1, 1, 1)]),
    })
    expect(sinks.map(({ sink, on, owed }) => [sink, on, owed.events])).toEqual([
      ['webhook', true, 0],
      ['log-analytics', false, 0],
      ['forgotten', false, 1],
    ])
  })

  it('counts open dead letters by sink, and those of records beside', async () => {
    const letters = burials(
      [letter('webhook', 'open'), letter('webhook', 'retried'), letter('webhook', 'open')],
      [letter(undefined, 'open'), letter(undefined, 'discarded')],
      [letter('webhook', 'open')],
    )
    const { sinks, faultyRecords } = await status({ ...QUIET, letters })
    expect([sinks[0]?.deadLetters, faultyRecords]).toEqual([3, 1])
  })

  it('says where it stopped counting', async () => {
    const half = Array.from({ length: MAX_LETTERS_COUNTED / 2 }, () => letter('webhook', 'open'))
    const almost = burials(half, half.slice(1))
    expect(await status({ ...QUIET, letters: almost })).toMatchObject({ countedAll: true })
    const { sinks, countedAll } = await status({ ...QUIET, letters: burials(half, half, half) })
    expect([sinks[0]?.deadLetters, countedAll]).toEqual([MAX_LETTERS_COUNTED, false])
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
})
