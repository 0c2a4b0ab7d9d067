import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBlob } from '../../shared/archive/reader.ts'
import { deadLetterReader } from '../../shared/delivery/dead-letters/dead-letter-reader.ts'
import { outboxPartitionOf, replayPartitionOf } from '../../shared/delivery/outbox/outbox.ts'
import { wakeUpQueue } from '../../shared/delivery/outbox/wake-up-queue.ts'
import { failed } from '../../shared/delivery/sink.ts'
import { transientFault } from '../../shared/domain/fault.ts'
import { type RetryReport, retryDeadLetters } from '../../shared/operations/retry-dead-letters.ts'
import { envelope, type IngestWorld, ingestWorld, messageAt, riskRecord } from '../support/ingest-world.ts'
import { type ScriptedSink, scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

const HOUR_MS = 3_600_000
const down = failed(transientFault('unavailable', 'down', { status: 503 }))

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

interface Lab {
  readonly world: IngestWorld
  readonly sink: ScriptedSink
  readonly blob: string
  /** What the archive held before it was damaged. */
  readonly content: Buffer
  /** Retries all open dead letters of a folder, dead letter by dead letter. */
  retry(folder: string): Promise<readonly RetryReport[]>
  mend(): Promise<void>
}

/**
 * A partition of its own: two events and a faulty record, pending by a sink that was down, whose
 * archive blob is then damaged.
 */
async function damaged(partition: string, damage: 'deleted' | 'torn' | 'emptied'): Promise<Lab> {
  const state = { down: true }
  const sink = scriptedSink({ name: `sink-${partition}`, answer: () => (state.down ? down : undefined) })
  const world = await ingestWorld({ azurite, sinks: [sink] })
  await world.ingest([
    messageAt(1, envelope(riskRecord(1), riskRecord(2), '{"category":"RiskyAgents"}'), partition),
  ])
  state.down = false
  let blob = ''
  for await (const { name } of world.archive.listBlobsFlat())
    if (name.includes(`/p=${partition}/`)) blob = name
  const client = world.archive.getBlockBlobClient(blob)
  const content = await client.downloadToBuffer()
  if (damage === 'deleted') await client.delete()
  else {
    const left = content.subarray(0, damage === 'torn' ? content.byteLength / 4 : 0)
    await client.upload(left, left.byteLength)
  }
  return {
    world,
    sink,
    blob,
    content,
    async retry(folder) {
      const reports: RetryReport[] = []
      for await (const group of deadLetterReader(world.deadLetters).newestFirst(folder)) {
        const deadLetters = group
          .filter(({ deadLetter, state: of }) => deadLetter.blob === blob && of === 'open')
          .map((b) => b.deadLetter)
        reports.push(
          await retryDeadLetters(deadLetters, {
            readBlob: (name) => readBlob(world.archive, name),
            rereader: world.rereader,
            outbox: world.outbox,
            wakeUps: wakeUpQueue(world.queue, world.time),
            sinks: new Map([[sink.name, () => true]]),
            time: world.time,
            noteAction: async () => undefined,
          }),
        )
      }
      return reports
    },
    mend: async () => {
      await client.upload(content, content.byteLength)
    },
  }
}

const countsOf = (reports: readonly RetryReport[]) =>
  reports.map(({ retried, stillFaulty }) => [retried.length, stillFaulty.length])

describe.each(['deleted', 'torn', 'emptied'] as const)('an archive blob that was %s', (damage) => {
  it('costs a dead letter a line, which is retried when the blob is back and not before', async () => {
    const lab = await damaged(damage, damage)
    const { world, sink } = lab
    const { position } = messageAt(1, '', damage)
    const outboxPartition = outboxPartitionOf(sink.name, position)
    await world.redeliver(outboxPartition)
    expect(await world.outbox.rows(outboxPartition, 10)).toMatchObject([
      { lines: '0-1', lastFault: { code: 'archiveUnreadable' }, lookAgainAt: world.time.now() + 60_000 },
    ])
    world.time.advance(73 * HOUR_MS)
    await world.redeliver(outboxPartition)
    expect(await world.outbox.pendingUntil(outboxPartition)).toBeUndefined()
    const deadLetters = await deadLetterReader(world.deadLetters).ofBlob(lab.blob, [sink.name])
    expect(
      deadLetters.map(({ deadLetter, state }) => [deadLetter.line, deadLetter.fault.code, state]),
    ).toEqual([
      [0, 'archiveUnreadable', 'open'],
      [1, 'archiveUnreadable', 'open'],
    ])

    const replayPartition = replayPartitionOf(sink.name, position)
    expect(countsOf(await lab.retry(sink.name))).toEqual([[0, 2]])
    expect(await world.outbox.pendingUntil(replayPartition), 'nothing was handed over').toBeUndefined()

    await lab.mend()
    expect(countsOf(await lab.retry(sink.name))).toEqual([[2, 0]])
    expect(await world.outbox.rows(replayPartition, 10), 'its sink never had them').toMatchObject([
      { mode: 'asArchived', isRetry: true },
    ])
    await world.redeliver(replayPartition)
    expect(new Set(sink.taken).size).toBe(2)
    expect(await world.outbox.pendingUntil(replayPartition)).toBeUndefined()
  })

  it('does not stop a retry of records that never became events', async () => {
    const lab = await damaged(`records-${damage}`, damage)
    const deadLettered = (await lab.retry('records')).filter(
      (r) => r.retried.length + r.stillFaulty.length > 0,
    )
    expect(countsOf(deadLettered)).toEqual([[0, 1]])
  })

  it('that is back before the age limit is delivered from', async () => {
    const lab = await damaged(`back-${damage}`, damage)
    const outboxPartition = outboxPartitionOf(lab.sink.name, messageAt(1, '', `back-${damage}`).position)
    await lab.world.redeliver(outboxPartition)
    await lab.mend()
    lab.world.time.advance(HOUR_MS)
    await lab.world.redeliver(outboxPartition)
    expect(lab.sink.taken).toHaveLength(2)
    expect(await lab.world.outbox.pendingUntil(outboxPartition)).toBeUndefined()
  })
})

describe('the container of the archive', () => {
  it('that is not there says nothing of a blob: its rows wait like those of a storage that is down', async () => {
    const lab = await damaged('container', 'torn')
    await lab.world.archive.delete()
    const outboxPartition = outboxPartitionOf(lab.sink.name, messageAt(1, '', 'container').position)
    lab.world.time.advance(80 * HOUR_MS)
    await expect(lab.world.redeliver(outboxPartition)).rejects.toMatchObject({ code: 'ContainerNotFound' })
    expect(await lab.world.outbox.pendingUntil(outboxPartition)).toBeDefined()
  })
})
