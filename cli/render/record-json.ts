import { slotOf } from '../../shared/domain/event-fields.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { BlobEvidence } from '../../shared/operations/auditor/blob-evidence.ts'
import type { FoundRecords, RecordWithEvidence } from '../../shared/operations/auditor/find-record.ts'
import { exactBytes } from '../../shared/operations/auditor/record-rows.ts'
import type { AuditRange } from '../../shared/operations/auditor/unique-lines.ts'

const EVENT = slotOf('event')

const evidenceJson = ({ sealed, ...now }: BlobEvidence): object => ({
  ...now,
  ...(sealed === undefined ? {} : { leafIndex: sealed.index, leaf: sealed.leaf }),
})

function oneJson({ line, copies, evidence, digest, isDigestRight }: RecordWithEvidence): object {
  const { position, ordinal, of, origin } = line
  return {
    position: { ...position, enqueuedAt: isoInstant(position.enqueuedAt) },
    ordinal,
    of,
    origin,
    ...(line.kind === 'event'
      ? { category: line.category, event: line.archived.event.fields.parse(EVENT) }
      : { fault: line.fault }),
    digest,
    isDigestRight,
    recordBase64: Buffer.from(exactBytes(line)).toString('base64'),
    copies: copies.map((copy, i) => ({ ...copy, ...evidenceJson(evidence[i] as BlobEvidence) })),
  }
}

/** `record` for programs, with the exact bytes. */
export const recordJson = (
  wanted: string,
  { from, to }: AuditRange,
  { records, log, ...found }: FoundRecords,
): object => ({
  wanted,
  from: isoInstant(from),
  to: isoInstant(to),
  ...found,
  ...(log === undefined ? {} : { log }),
  records: records.map(oneJson),
})
