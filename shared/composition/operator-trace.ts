import type { AzureClients } from '../azure/azure-clients.ts'
import { deadLetterReader } from '../delivery/dead-letters/dead-letter-reader.ts'
import type { Outbox } from '../delivery/outbox/outbox.ts'
import type { ReadBlob } from '../operations/readable-lines.ts'
import { findRecords, type OnRead, type TraceQuery } from '../operations/trace/trace.ts'
import { type TracedRecord, Tracer } from '../operations/trace/trace-steps.ts'

interface Known {
  readonly sinks: readonly string[]
  readonly outbox: Pick<Outbox, 'rows' | 'rowsOfBlob'>
  readonly readBlob: ReadBlob
}

/** Finds records in the archive, and what is on file about each. */
export async function operatorTrace(
  query: TraceQuery,
  clients: AzureClients,
  { sinks, outbox, readBlob }: Known,
  onRead: OnRead,
) {
  const [archive, receipts, deadLetters] = await Promise.all([
    clients.container('archive'),
    clients.container('receipts'),
    clients.container('deadletters'),
  ])
  const found = await findRecords({ archive, receipts, readBlob }, query, onRead)
  const tracer = new Tracer({ archive, receipts, deadLetters: deadLetterReader(deadLetters), outbox, sinks })
  const records: TracedRecord[] = []
  for (const record of found.records) records.push(await tracer.trace(record))
  return { ...found, records }
}
