import { BlobServiceClient } from '@azure/storage-blob'
import { beforeAll, describe, expect, it } from 'vitest'
import { blobNames, storedBlobs } from '../../local/checks/once/collect.ts'
import { sendFeed } from '../../local/checks/once/send-feed.ts'
import { isSettled } from '../../local/checks/once/settled.ts'
import { storesOf } from '../../local/checks/once/stores.ts'
import { type ArchiveLine, archiveLines } from '../../local/checks/verify/archive-line.ts'
import { refuse, resetAfterStoring } from '../../local/emulators/http/receiver-step.ts'
import { readFeed } from '../../local/stack/feed/read-feed.ts'
import { HUB } from '../../local/stack/names.ts'
import { startStack } from '../../local/stack/stack.ts'
import { expandLines } from '../../shared/delivery/outbox/line-ranges.ts'
import { parseReceipt, type ReadReceipt } from '../../shared/delivery/receipts/parse-receipt.ts'
import { outcomeInReceipt } from '../../shared/operations/trace/trace-outcomes.ts'
import { storageAccount } from '../support/storage-account.ts'
import { until } from '../support/until.ts'

const SINKS = ['log-analytics', 'webhook']

interface Carried {
  readonly id: string
  readonly archiveblob: string
  readonly archiveline: number
}

let receipts: readonly ReadReceipt[] = []
let lines: readonly ArchiveLine[] = []
/** What the webhook's receiver stored, by its own files: request id, blob and line. */
let stored: readonly (readonly [string, string, number])[] = []

beforeAll(async () => {
  const stack = await startStack({
    nowMs: Date.now,
    storage: storageAccount(),
    // On a busy machine, too, every answer is waited for.
    settings: { DELIVERY_TIMEOUT_MS: '10000' },
  })
  try {
    // Refused for its own sake, stored without an answer, down, locked, and well again.
    stack.siem.script(refuse(400), resetAfterStoring, refuse(503), refuse(503), refuse(401))
    const host = await stack.startHost(() => undefined)
    const { archive, checkpoints, outbox } = storesOf(stack.azurite.connectionString, Date.now)
    await sendFeed(stack.hub.connectionString(HUB), await readFeed('local/stack/feed/bundled'))
    const last = () => new Map(stack.hub.partitionState(HUB).map((p) => [p.partition, p.lastSequenceNumber]))
    await until(() => isSettled(last(), checkpoints, outbox), 60_000)
    await host.stop()
    lines = (await storedBlobs(archive)).flatMap(archiveLines)
    const container = BlobServiceClient.fromConnectionString(
      stack.azurite.connectionString,
    ).getContainerClient('receipts')
    const texts = (await blobNames(container)).map(async (name) =>
      (await container.getBlockBlobClient(name).downloadToBuffer()).toString(),
    )
    receipts = (await Promise.all(texts)).flatMap(parseReceipt)
    stored = stack.siem
      .kept()
      .flatMap(({ headers, body }) =>
        (JSON.parse(body.toString()) as readonly Carried[]).map(
          (event) => [String(headers['webhook-id']), event.archiveblob, event.archiveline] as const,
        ),
      )
  } finally {
    await stack.stop()
  }
}, 120_000)

describe('the receipts of a run with one sink failing', () => {
  it('say of every event at every sink how it ended in the end', () => {
    const events = lines.filter((line) => line.kind === 'event')
    expect(events.length).toBeGreaterThan(30)
    for (const sink of SINKS) {
      for (const { blob, line } of events) {
        const ends = receipts
          .filter((r) => r.sink === sink && r.blob === blob)
          .flatMap((r) => outcomeInReceipt(r, line) ?? [])
        expect(
          ends.filter((end) => end !== 'pending'),
          `${sink}, ${blob} line ${line}`,
        ).toHaveLength(1)
      }
    }
  })

  it('name every request that the receiver stored, by the id that it has, and what it carried', () => {
    expect(stored.length).toBeGreaterThan(30)
    for (const [id, blob, line] of stored) {
      const named = receipts
        .filter((r) => r.sink === 'webhook' && r.blob === blob)
        .flatMap((r) => r.requests)
        .filter((request) => request.id === id && expandLines(request.lines).includes(line))
      expect(named, `${id} with ${blob} line ${line}`).not.toEqual([])
    }
  })

  it('keep the status of what was answered, and have none for what was stored and never answered', () => {
    const requests = receipts.filter((r) => r.sink === 'webhook').flatMap((r) => r.requests)
    const statuses = new Set(requests.map(({ status }) => status))
    for (const status of [204, 400, 401, 503, undefined]) expect(statuses).toContain(status)
    for (const { status, fault } of requests) expect(fault === undefined).toBe(status === 204)
  })

  it('name the requests to Log Analytics, which all were taken', () => {
    const requests = receipts.filter((r) => r.sink === 'log-analytics').flatMap((r) => r.requests)
    expect(requests.length).toBeGreaterThan(0)
    expect(new Set(requests.map(({ status }) => status))).toEqual(new Set([204]))
    expect(new Set(requests.map(({ id }) => id)).size).toBe(requests.length)
  })
})
