import { type ScriptedReceiver, startScriptedReceiver } from '../http/scripted-receiver.ts'
import type { JsonObject } from '../json.ts'
import type { LogsIngestionOptions } from './ingestion-options.ts'
import { IngestionService } from './ingestion-service.ts'

/**
 * The Logs Ingestion API on 127.0.0.1: checks, stores and counts rows, and misbehaves on demand.
 */
export interface LogsIngestion extends ScriptedReceiver {
  /** Value for LOGS_INGESTION_ENDPOINT. */
  readonly url: string
  /** Rows stored so far, duplicates included. */
  received(): number
  /** Rows stored so far in each table. */
  counts(): ReadonlyMap<string, number>
  /** The latest rows of a table, in order of arrival. */
  rows(table: string): readonly JsonObject[]
  /** Number of times each event was stored, over all tables. */
  eventIds(): ReadonlyMap<string, number>
  /** Why requests were refused, the last hundred; without scripted refusals. */
  refusals(): readonly string[]
}

export async function startLogsIngestion(options: LogsIngestionOptions): Promise<LogsIngestion> {
  const service = new IngestionService(options)
  const { origin, ...server } = await startScriptedReceiver(service, options)
  return {
    ...server,
    url: origin,
    received: () => [...service.store.counts.values()].reduce((sum, count) => sum + count, 0),
    counts: () => service.store.counts,
    rows: (table) => service.store.latest(table),
    eventIds: () => service.store.eventIds,
    refusals: () => service.refusals,
  }
}
