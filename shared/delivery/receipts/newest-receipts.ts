import type { LeanContainer } from '../../azure/lean-container.ts'
import { readBytes } from '../../azure/read-bytes.ts'
import { hourFolder } from '../../domain/blob-folders.ts'
import { type Instant, instant } from '../../domain/identifiers.ts'
import { parseReceipt, type ReadReceipt } from './parse-receipt.ts'
import { receiptPlaces } from './receipt-name.ts'

const HOUR_MS = 3_600_000
/** Most receipts read for one answer. */
const MAX_RECEIPTS = 500
const DOWNLOADS_AT_ONCE = 16

interface Listed {
  readonly name: string
  readonly writtenMs: number
}

async function receiptsOfHour(container: LeanContainer, hour: number): Promise<readonly Listed[]> {
  const prefix = `v1/${hourFolder(instant(hour))}`
  const found: Listed[] = []
  for await (const { name, properties } of container.listBlobsFlat({ prefix })) {
    found.push({ name, writtenMs: properties.lastModified.getTime() })
  }
  return found.sort((a, b) => b.writtenMs - a.writtenMs)
}

/** The receipts in one blob. */
export const readReceipts = async (
  container: Pick<LeanContainer, 'download'>,
  name: string,
): Promise<readonly ReadReceipt[]> => parseReceipt((await readBytes(container, name)).content.toString())

/**
 * When each sink last took events, according to receipts of recent hours. Receipts are filed under
 * the hour of their messages; the search runs from the newest hour and stops at the first per sink.
 * @param hours how many hours back to look
 */
export async function lastDeliveries(
  container: LeanContainer,
  sinks: readonly string[],
  now: Instant,
  hours: number,
): Promise<ReadonlyMap<string, ReadReceipt>> {
  const last = new Map<string, ReadReceipt>()
  let left = MAX_RECEIPTS
  const latestHour = Math.floor(now / HOUR_MS) * HOUR_MS
  for (let back = 0; back < hours && last.size < sinks.length && left > 0; back++) {
    const listed = await receiptsOfHour(container, latestHour - back * HOUR_MS)
    const missing = sinks.filter((sink) => !last.has(sink))
    for (let i = 0; i < listed.length && left > 0; i += DOWNLOADS_AT_ONCE) {
      const some = listed.slice(i, i + DOWNLOADS_AT_ONCE)
      left -= some.length
      const receipts = (await Promise.all(some.map(({ name }) => readReceipts(container, name)))).flat()
      for (const receipt of receipts) {
        const known = last.get(receipt.sink)
        if (!missing.includes(receipt.sink) || receipt.delivered === 0) continue
        if (known === undefined || receipt.at > known.at) last.set(receipt.sink, receipt)
      }
      if (missing.every((sink) => last.has(sink))) break
    }
  }
  return last
}

/** All receipts of one archive blob, oldest first. */
export async function receiptsOf(container: LeanContainer, blob: string): Promise<readonly ReadReceipt[]> {
  const receipts: ReadReceipt[] = []
  const { prefixes, mayConcern } = receiptPlaces(blob)
  for (const prefix of prefixes) {
    for await (const { name } of container.listBlobsFlat({ prefix })) {
      if (!mayConcern(name)) continue
      receipts.push(...(await readReceipts(container, name)).filter((receipt) => receipt.blob === blob))
      if (receipts.length >= MAX_RECEIPTS) break
    }
  }
  return receipts.sort((a, b) => a.at - b.at)
}
