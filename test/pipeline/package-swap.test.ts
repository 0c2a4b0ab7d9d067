import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { transientFault } from '../../shared/domain/fault.ts'
import { envelope, ingestWorld, messageAt, riskRecord } from '../support/ingest-world.ts'
import { scriptedSink } from '../support/scripted-sink.ts'
import { type StorageAccount, storageAccount } from '../support/storage-account.ts'

let azurite: StorageAccount
beforeAll(async () => {
  azurite = await storageAccount()
})
afterAll(() => azurite.stop())

const message = (sequenceNumber: number) =>
  messageAt(sequenceNumber, envelope(riskRecord(sequenceNumber)), 'swap')

describe('a package is replaced, and the old one put back, while one of two sinks is down', () => {
  it('and both get every event once, in order', async () => {
    let down = true
    const sink = scriptedSink({
      name: 'swapped',
      answer: () => (down ? { status: 'failed', fault: transientFault('unavailable', 'down') } : undefined),
    })
    const healthy = scriptedSink({ name: 'healthy' })
    // Each start of a package: what one process knew is gone, what is stored remains.
    const start = (version: string) => ingestWorld({ azurite, sinks: [sink, healthy], version })
    const old = await start('0.1.0')
    await old.ingest([message(1)])
    await old.ingest([message(2)])
    const upgraded = await start('0.2.0')
    // The host runs the last batch again, since the old process was stopped before its checkpoint.
    await upgraded.ingest([message(2)])
    await upgraded.ingest([message(3)])
    await upgraded.drain()
    expect(sink.taken).toEqual([])
    const rolledBack = await start('0.1.0')
    await rolledBack.ingest([message(3)])
    down = false
    rolledBack.time.advance(600_000)
    for (let i = 0; i < 3; i++) await rolledBack.drain()
    await rolledBack.ingest([message(3)])
    await rolledBack.ingest([message(4)])
    expect(new Set(healthy.taken).size).toBe(4)
    expect(healthy.taken).toHaveLength(4)
    expect(sink.taken).toEqual(healthy.taken)
    expect(await rolledBack.outbox.pendingPartitions()).toEqual([])
  })
})
