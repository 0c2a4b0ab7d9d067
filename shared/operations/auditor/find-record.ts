import type { ArchiveContainer } from '../../archive/archive-container.ts'
import { type Digest, digest } from '../../encoding/digest.ts'
import type { EvidenceCopy } from '../../evidence/verify/evidence-copy.ts'
import { readProvableLog } from '../../evidence/verify/provable-log.ts'
import type { FoundRecord, RecordLine } from '../trace/newest-records.ts'
import { inArchive } from '../trace/trace.ts'
import { matchesQuery } from '../trace/trace-match.ts'
import { type BlobEvidence, blobEvidence } from './blob-evidence.ts'
import { type LogSummary, summaryOfLog } from './log-summary.ts'
import { exactBytes } from './record-rows.ts'
import type { AuditRange } from './unique-lines.ts'

export interface RecordQuery extends AuditRange {
  /** Id of an event or of a detection. */
  readonly wanted: string
}

export interface RecordWithEvidence extends FoundRecord {
  /** Of the exact bytes, as they are now. */
  readonly digest: Digest
  /** Whether that is what the line says it was. */
  readonly isDigestRight: boolean
  /** Of each copy. */
  readonly evidence: readonly BlobEvidence[]
}

export interface FoundRecords {
  /** Newest last. */
  readonly records: readonly RecordWithEvidence[]
  /** Whether older ones were left out. */
  readonly more: boolean
  readonly blobs: number
  readonly log?: LogSummary
}

/** The archive as readers of records see it, and every blob of archive and log by its name. */
export interface ArchiveAndLog {
  readonly archive: ArchiveContainer
  readonly copy: Pick<EvidenceCopy, 'read'>
}

/** Far more than Microsoft sends of one detection. */
const MAX_RECORDS = 50

/** An event or a detection by its id; what could not be normalised by its bytes. */
function isRecordOf(line: RecordLine, wanted: string): boolean {
  if (line.kind !== 'event') return matchesQuery(line, wanted)
  const { event } = line
  const ids = [event.eventId, event.factKey, event.kind === 'riskDetection' ? event.detectionId : undefined]
  return ids.some((id) => id?.toLowerCase() === wanted)
}

function digestNow(line: RecordLine): Pick<RecordWithEvidence, 'digest' | 'isDigestRight'> {
  const now = digest(exactBytes(line))
  const written =
    line.kind === 'event' ? line.archived.digest : line.kind === 'fault' ? line.digest : line.bodyDigest
  return { digest: now, isDigestRight: now === written }
}

/**
 * Finds the records of an event or a detection, with what the log says about each blob they are in.
 * @param onBlob how many archive blobs have been read
 */
export async function findRecord(
  { archive, copy }: ArchiveAndLog,
  { wanted, from, to }: RecordQuery,
  onBlob: (blobs: number) => void,
): Promise<FoundRecords> {
  const query = { wanted: wanted.toLowerCase(), from, to, maxRecords: MAX_RECORDS }
  const { records, more, blobs } = await inArchive(archive, query, onBlob, isRecordOf)
  const names = new Set(records.flatMap(({ copies }) => copies.map(({ blob }) => blob)))
  const log = await readProvableLog(copy)
  const evidence = new Map<string, BlobEvidence>()
  for (const name of names) evidence.set(name, blobEvidence(name, await copy.read(name), log))
  const found = records.map((record) => ({
    ...record,
    ...digestNow(record.line),
    evidence: record.copies.flatMap(({ blob }) => evidence.get(blob) ?? []),
  }))
  return { records: found, more, blobs, ...(log === undefined ? {} : { log: summaryOfLog(log) }) }
}
