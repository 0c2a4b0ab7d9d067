import { expect, it } from 'vitest'
import { durable } from '../../../local/checks/chaos/model/durable.ts'
import { startProgram } from '../../../local/checks/chaos/model/program.ts'
import { recordText } from '../../../local/checks/chaos/records.ts'
import { failed } from '../../../shared/delivery/sink.ts'
import { sinkFault } from '../../../shared/domain/fault.ts'
import type { ChunkSummary } from '../../../shared/telemetry/telemetry.ts'
import { messageAt } from '../../support/ingest-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { virtualTime } from '../../support/virtual-time.ts'

it('of a chunk is told what it held, how it ended at each sink, how long that took, and whether it was there before', async () => {
  const enqueuedMs = Date.UTC(2026, 2, 1, 9)
  const time = virtualTime(enqueuedMs + 5000)
  const storage = durable(() => time.now())
  const summaries: ChunkSummary[] = []
  const slow = scriptedSink({
    name: 'slow',
    answer: () => {
      time.advance(70)
      return undefined
    },
  })
  const closed = scriptedSink({ name: 'closed', answer: () => failed(sinkFault('unauthorized', 'no')) })
  const program = startProgram({
    storage,
    ports: storage.ports,
    sinks: [slow, closed],
    time,
    onIsolated: () => undefined,
    inject: (deps) => ({
      ...deps,
      telemetry: { ...deps.telemetry, chunkSettled: (summary) => summaries.push(summary) },
    }),
  })
  const records = [recordText(1), recordText(2), '{"category":"SignInLogs"}', '{}', '{}', '5']
  const batch = [
    messageAt(4, `{"records":[${records.join(',')}]}`, '3', enqueuedMs),
    messageAt(9, 'no JSON', '3', enqueuedMs),
  ]
  await program.ingest(batch, 0)
  time.advance(100)
  await program.ingest(batch, 1)

  const about = {
    partition: '3',
    firstSequenceNumber: 4,
    lastSequenceNumber: 9,
    messages: 2,
    tally: { records: 7, events: 2, faults: 4, skipped: 1 },
    faults: new Map([
      ['categoryMissing', 2],
      ['recordNotObject', 1],
      ['bodyNotJson', 1],
    ]),
  }
  expect(summaries).toMatchObject([
    {
      ...about,
      archivedBefore: false,
      latencyMs: 1070,
      tookMs: 70,
      sinks: [
        { sink: 'slow', tally: { delivered: 2 }, attempts: 1, tookMs: 70, stoppedBy: undefined },
        { sink: 'closed', tally: { pending: 2 }, attempts: 1, stoppedBy: 'unauthorized' },
      ],
    },
    {
      ...about,
      archivedBefore: true,
      latencyMs: 1170,
      tookMs: 0,
      sinks: [
        { sink: 'slow', tally: { duplicate: 2 }, attempts: 0, tookMs: 0 },
        { sink: 'closed', tally: { duplicate: 2 }, attempts: 0 },
      ],
    },
  ])
})
