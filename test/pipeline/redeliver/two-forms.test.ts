import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { durable } from '../../../local/checks/chaos/model/durable.ts'
import { durableEvidence, sentMessage } from '../../../local/checks/chaos/model/model-evidence.ts'
import { modelTime } from '../../../local/checks/chaos/model/model-time.ts'
import { type Injection, startProgram } from '../../../local/checks/chaos/model/program.ts'
import { recordText } from '../../../local/checks/chaos/records.ts'
import { verify } from '../../../local/checks/verify/verify.ts'
import { type ReplayMode, replayPartitionOf } from '../../../shared/delivery/outbox/outbox.ts'
import { wakeUpQueue } from '../../../shared/delivery/outbox/wake-up-queue.ts'
import { recordFault } from '../../../shared/domain/fault.ts'
import { instant } from '../../../shared/domain/identifiers.ts'
import { replay } from '../../../shared/operations/replay/replay.ts'
import { unsplitMessage } from '../../../shared/source/unsplit-message.ts'
import { envelope, ingestWorld, messageAt, riskRecord } from '../../support/ingest-world.ts'
import { scriptedSink } from '../../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../../support/storage-account.ts'

const DEFECT = recordFault('internalFault', 'An older program met a defect.')

/** A message that an older program set aside raw, and that a mended one has archived as records. */
describe('a message that the archive has in two forms', () => {
  it('comes of a mended program that the host has run a batch again with, and its events reach the sinks', async () => {
    const time = modelTime(Date.UTC(2026, 2, 1, 10), () => 0.5)
    const storage = durable(() => time.now())
    const sink = scriptedSink()
    const defective: Injection = (deps) => ({
      ...deps,
      read: (message, memory) => {
        if (message.position.sequenceNumber === 1) throw new TypeError('a bug')
        return deps.read(message, memory)
      },
    })
    const start = (inject: Injection) =>
      startProgram({
        storage,
        ports: storage.ports,
        sinks: [sink],
        time,
        onIsolated: () => undefined,
        inject,
      })
    const batch = [0, 1, 2].map((n) =>
      messageAt(n, `{"records":[${recordText(2 * n)},${recordText(2 * n + 1)}]}`),
    )
    await start(defective).ingest(batch, 3)
    expect(sink.taken).toHaveLength(4)
    await start((deps) => deps).ingest(batch, 0)
    expect(sink.taken, 'those of the second message, and no other again').toHaveLength(6)
    expect(new Set(sink.taken).size).toBe(6)
    const verdict = verify({
      ...durableEvidence(storage),
      sent: batch.map(sentMessage),
      sinks: [],
      pending: [],
    })
    expect(verdict).toMatchObject({ problems: [], records: 6, events: 6, faults: 0 })
  })

  describe('is replayed once', () => {
    let azurite: StorageAccount
    beforeAll(async () => {
      azurite = await storageAccount()
    })
    afterAll(() => azurite.stop())

    const cases: readonly [string, ReplayMode, number][] = [
      ['before its records', 'asArchived', 2],
      ['before its records', 'renormalise', 2],
      ['behind its records', 'asArchived', 1],
      ['behind its records', 'renormalise', 1],
    ]
    it.each(cases)('where the raw form lies %s, %s', async (_, mode, from) => {
      const partition = `${mode}-${from}`
      const sink = scriptedSink({ name: 'siem', maxEvents: 100 })
      const world = await ingestWorld({ azurite, sinks: [sink] })
      const batch = [1, 2, 3, 4].map((n) =>
        messageAt(
          n,
          envelope(riskRecord(10 * n), riskRecord(10 * n + 1)),
          partition,
          Date.UTC(2026, 2, 1, 9),
        ),
      )
      await world.ingest(batch.slice(1, 2), (m) => unsplitMessage(m, DEFECT))
      await world.ingest(batch.slice(from - 1))
      const outboxPartition = replayPartitionOf('siem', messageAt(1, '', partition).position)
      const told = sink.taken.length
      await replay(
        {
          sink: 'siem',
          from: instant(Date.UTC(2026, 2, 1, 9)),
          to: instant(Date.UTC(2026, 2, 1, 10)),
          mode,
          filter: { accepts: () => true, categories: [], identity: undefined },
          after: undefined,
          eventsPerSecond: 1_000_000,
          dryRun: false,
        },
        {
          archive: world.archive,
          rereader: world.rereader,
          outbox: world.outbox,
          wakeUps: wakeUpQueue(world.queue, world.time),
          time: world.time,
          onProgress: () => undefined,
        },
        new AbortController().signal,
      )
      await world.redeliver(outboxPartition)
      const replayed = sink.taken.slice(told)
      expect(replayed).toHaveLength(2 * (5 - from))
      expect(new Set(replayed).size).toBe(replayed.length)
      expect(await world.outbox.pendingUntil(outboxPartition)).toBeUndefined()
    })
  })
})
