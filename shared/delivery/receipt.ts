import type { ContainerClient } from '@azure/storage-blob'
import { sha256Hex } from '../domain/digest.ts'
import { instant } from '../domain/identifiers.ts'
import { isoInstant } from '../domain/iso-instant.ts'
import type { Time } from '../domain/time.ts'
import type { LaneReport } from './lane.ts'
import type { ReplayMode } from './outbox.ts'
import { receiptJson } from './receipt-json.ts'
import { tallyMetadata } from './receipt-tallies.ts'

/** What happened at one sink, and to which part of the chunk. */
export interface SettledReport extends Omit<LaneReport, 'delivered'> {
  /** Lines of the archive blob, as `0-99,105`; absent: all that hold events. */
  readonly lines?: string
  /** Where an operator had asked for it. */
  readonly mode?: ReplayMode
}

/** What happened to a chunk: per sink which events ended how, by which requests, attempts, time. No contents. */
export interface Receipts {
  /** Files a receipt; one that cannot be written fails nothing. */
  file(blob: string, reports: readonly SettledReport[]): Promise<void>
}

/** `v1/<archive blob>/<time>-<hash>.json`: every settling of a chunk leaves its own receipt. */
const receiptName = (blob: string, at: string, body: string): string =>
  `v1/${blob.replace(/^v1\//, '').replace(/\.jsonl\.gz$/, '')}/${at.replaceAll(':', '')}-${sha256Hex(body).slice(0, 8)}.json`

/** A receipt is a convenience: a storage that stays silent must not hold up the batch for it. */
const WRITE_TIMEOUT_MS = 10_000

/** Receipts as small blobs. */
export const blobReceipts = (
  container: Pick<ContainerClient, 'getBlockBlobClient'>,
  time: Pick<Time, 'now' | 'timeout'>,
  onTrouble: (cause: unknown) => void,
): Receipts => ({
  async file(blob, reports) {
    if (reports.length === 0) return
    const at = isoInstant(instant(time.now()))
    const body = receiptJson(blob, at, reports)
    try {
      await container.getBlockBlobClient(receiptName(blob, at, body)).upload(body, Buffer.byteLength(body), {
        abortSignal: time.timeout(WRITE_TIMEOUT_MS),
        blobHTTPHeaders: { blobContentType: 'application/json' },
        metadata: tallyMetadata(reports),
      })
    } catch (cause) {
      onTrouble(cause)
    }
  },
})
