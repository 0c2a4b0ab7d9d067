import type { JsonObject } from '../../shared/domain/json.ts'
import type { LandedEvent } from './evidence.ts'

type Row = JsonObject & { readonly EventId: string }
type CloudEvent = JsonObject & { readonly id: string; readonly data: JsonObject }

/** A row without the one column that only the time of sending decides. */
function landedRow(row: Row): LandedEvent {
  const { TimeGenerated: _, ...content } = row
  return { eventId: row.EventId, content }
}

/** Rows of a table, as the ingestion endpoint kept them: one JSON object a line. */
export const parseRows = (ndjson: string): readonly LandedEvent[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => landedRow(JSON.parse(line) as Row))

/** Events of a webhook request, as the receiver kept its body: a CloudEvents batch. */
export const parseCloudEventBatch = (body: string): readonly LandedEvent[] =>
  (JSON.parse(body) as readonly CloudEvent[]).map(({ id, data }) => ({ eventId: id, content: data }))

/** JSON text of an object that this program wrote. */
export const parseWritten = (json: string): JsonObject => JSON.parse(json) as JsonObject
