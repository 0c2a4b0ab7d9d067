import { expandLines } from '../../shared/delivery/outbox/line-ranges.ts'
import type { ReadReceipt } from '../../shared/delivery/receipts/parse-receipt.ts'
import { isJsonObject, type Json, type JsonObject } from '../../shared/encoding/json.ts'
import type { StoredRequest } from '../emulators/http/stored-request.ts'
import type { Arrival } from './sink-figures.ts'

/** An event's line in the archive, from a row, a CloudEvent, or our own JSON, by itself or within another format. */
function evidenceOf(event: JsonObject): readonly [Json | undefined, Json | undefined] {
  if ('ArchiveBlob' in event) return [event.ArchiveBlob, event.ArchiveLine]
  if ('archiveblob' in event) return [event.archiveblob, event.archiveline]
  const within = ['entra_risk', 'event'].map((name) => event[name]).find(isJsonObject) ?? event
  const { archive } = within
  return isJsonObject(archive) ? [archive.blob, archive.line] : [undefined, undefined]
}

/** The events of a request that an emulated receiver stored. */
export const storedArrivals = ({ events, atMs }: StoredRequest): readonly Arrival[] =>
  events.flatMap((event) => {
    const [blob, line] = evidenceOf(event)
    return typeof blob === 'string' ? [{ blob, line: Number(line), atMs }] : []
  })

/** The events delivered according to a receipt. */
export const receiptArrivals = ({ blob, outcomes, at }: ReadReceipt): readonly Arrival[] =>
  outcomes.delivered === undefined
    ? []
    : expandLines(outcomes.delivered).map((line) => ({ blob, line, atMs: at }))
