import type { LeanContainer } from '../../azure/lean-container.ts'
import { dateFolder } from '../../domain/blob-folders.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { readReceipts } from './newest-receipts.ts'
import type { ReadReceipt } from './parse-receipt.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DOWNLOADS_AT_ONCE = 16
const HOUR = /\/ingest_hour=(\d{2})\//

/**
 * Receipts filed under the hours from `from` to `to`: the hour of the first message of their
 * archive blob. Keeps only a few in memory.
 */
export async function* receiptsBetween(
  container: LeanContainer,
  from: Instant,
  to: Instant,
): AsyncGenerator<readonly ReadReceipt[]> {
  const read = (name: string) => readReceipts(container, name)
  const firstHour = Math.floor(from / HOUR_MS) * HOUR_MS
  for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
    const prefix = `v1/${dateFolder(instant(day))}`
    let waiting: string[] = []
    for await (const { name } of container.listBlobsFlat({ prefix })) {
      const hour = day + Number(HOUR.exec(name)?.[1] ?? Number.NaN) * HOUR_MS
      if (!(hour >= firstHour && hour < to)) continue
      waiting.push(name)
      if (waiting.length < DOWNLOADS_AT_ONCE) continue
      yield (await Promise.all(waiting.map(read))).flat()
      waiting = []
    }
    if (waiting.length > 0) yield (await Promise.all(waiting.map(read))).flat()
  }
}
