import { trunkOf } from '../../domain/blob-folders.ts'
import { sha256Hex } from '../../encoding/digest.ts'

/** Folder, next to the blobs' own, of receipts about several blobs of one folder. */
const TOGETHER = 'redelivered'
/** First and last sequence number in the name of an archive blob or of a receipt about several. */
const NUMBERS = /\/(\d{20})-(\d{20})-[^/]*$/

/** The folder of an archive blob: its hour and partition. */
export const folderOfBlob = (blob: string): string => blob.slice(0, Math.max(0, blob.lastIndexOf('/')))

/**
 * Every settlement leaves its own receipt: `v1/<archive blob>/<time>-<hash>.json` or, if about
 * several blobs of one folder, `<their folder>/redelivered/<first sequence
 * number>-<last>-<time>-<hash>.json`.
 * @param blobs of one folder
 */
export function receiptName(blobs: readonly string[], at: string, body: string): string {
  const moment = `${at.replaceAll(':', '')}-${sha256Hex(body).slice(0, 8)}.json`
  const [first = '', second] = new Set(blobs)
  if (second === undefined) return `v1/${trunkOf(first)}/${moment}`
  const numbers = blobs.map((blob) => NUMBERS.exec(blob))
  const firsts = numbers.map((match) => match?.[1] ?? '0'.repeat(20)).sort()
  const lasts = numbers.map((match) => match?.[2] ?? '9'.repeat(20)).sort()
  return `${folderOfBlob(first)}/${TOGETHER}/${firsts[0]}-${lasts.at(-1)}-${moment}`
}

/**
 * The prefixes under which an archive blob's receipts lie, and which names there may be about it:
 * those that tell no range, too.
 */
export function receiptPlaces(blob: string): {
  readonly prefixes: readonly string[]
  readonly mayConcern: (name: string) => boolean
} {
  const [, first = '0', last = '9'] = NUMBERS.exec(blob) ?? []
  return {
    prefixes: [`v1/${trunkOf(blob)}/`, `${folderOfBlob(blob)}/${TOGETHER}/`],
    mayConcern(name) {
      const [, from = '0', to = '9'] = NUMBERS.exec(name) ?? []
      return from <= last && to >= first
    },
  }
}
