import type { ContainerClient } from '@azure/storage-blob'
import { parseReceipt, type ReadReceipt } from '../../../../shared/delivery/receipts/parse-receipt.ts'
import { blobNames } from '../../once/collect.ts'

/** A receipt, one entry per sink, and the time span it covers. */
export interface FiledReceipt {
  readonly entries: readonly ReadReceipt[]
  readonly from: number
  readonly to: number
}

/**
 * Sinks are settled concurrently, and the slowest decides when the receipt is written; clocks are
 * read one after the other.
 */
const SLACK_MS = 50

/** All receipts of the program. */
export async function filedReceipts(container: ContainerClient): Promise<readonly FiledReceipt[]> {
  const filed: FiledReceipt[] = []
  for (const name of await blobNames(container)) {
    const entries = parseReceipt((await container.getBlockBlobClient(name).downloadToBuffer()).toString())
    const at = entries[0]?.at
    if (at === undefined) continue
    const tookMs = Math.max(...entries.map((entry) => entry.tookMs))
    filed.push({ entries, from: at - tookMs - SLACK_MS, to: at + SLACK_MS })
  }
  return filed
}
