import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import type { TableClient } from '@azure/data-tables'
import type { ContainerClient } from '@azure/storage-blob'
import { systemTime } from '../../../shared/composition/system-time.ts'

const READS_AT_ONCE = 16
/** Of the table service. */
const MAX_TRANSACTION = 100
const MAX_PAGE = 1000

/**
 * The least that draining takes of the storage, by the plain SDKs: every blob read once, side by
 * side, every row of the outbox read, and deleted in transactions. No parsing, no delivery, no receipt.
 * @returns how many rows there were, and how long it took
 */
export async function drainFloor(
  blobs: readonly string[],
  archive: ContainerClient,
  outbox: TableClient,
): Promise<{ readonly rows: number; readonly seconds: number }> {
  const startedMs = systemTime.monotonicMs()
  const left = blobs.values()
  const reader = async (): Promise<void> => {
    for (const blob of left) {
      const { readableStreamBody } = await archive.getBlockBlobClient(blob).download()
      if (readableStreamBody !== undefined) gunzipSync(await buffer(readableStreamBody))
    }
  }
  await Promise.all(Array.from({ length: READS_AT_ONCE }, reader))
  let rows = 0
  for await (const page of outbox.listEntities().byPage({ maxPageSize: MAX_PAGE })) {
    const keys = page.map(({ partitionKey = '', rowKey = '' }) => ({ partitionKey, rowKey }))
    rows += keys.length
    for (let i = 0; i < keys.length; i += MAX_TRANSACTION)
      await outbox.submitTransaction(keys.slice(i, i + MAX_TRANSACTION).map((key) => ['delete', key]))
  }
  return { rows, seconds: (systemTime.monotonicMs() - startedMs) / 1000 }
}
