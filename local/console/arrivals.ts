import { expandLines } from '../../shared/delivery/outbox/line-ranges.ts'
import type { ReadReceipt } from '../../shared/delivery/receipts/parse-receipt.ts'
import { isJsonObject, type Json, type JsonObject } from '../../shared/encoding/json.ts'
import type { StoredRequest } from '../emulators/http/stored-request.ts'
import type { Arrival } from './sink-figures.ts'

/** Where formats without an object for it have an event's archive blob and line. */
const NAMES = [
  ['ArchiveBlob', 'ArchiveLine'],
  ['archiveblob', 'archiveline'],
  ['archiveBlob', 'archiveLine'],
  ['entra.archive.blob', 'entra.archive.line'],
] as const

const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined

/** An event's line in the archive, from a row, a CloudEvent, or our own JSON, by itself or within another format. */
function evidenceOf(event: JsonObject): readonly [Json | undefined, Json | undefined] {
  const flat = NAMES.find(([blob]) => blob in event)
  if (flat !== undefined) return [event[flat[0]], event[flat[1]]]
  const within = ['entra_risk', 'event'].map((name) => event[name]).find(isJsonObject) ?? event
  const place = memberOf(within, 'archive') ?? memberOf(memberOf(within, 'unmapped'), 'position')
  return [memberOf(place, 'blob'), memberOf(place, 'line')]
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
