import type { ArchiveLine } from '../../shared/archive/archive-line.ts'
import { digest } from '../../shared/domain/digest.ts'
import type { RecordTally } from '../../shared/domain/tally.ts'
import type { SentMessage } from './evidence.ts'
import { groupBy } from './group-by.ts'

export type RecordLine = Exclude<ArchiveLine, { kind: 'skipped' }>
type SkippedLine = Extract<ArchiveLine, { kind: 'skipped' }>

/** The archive, each record once however often it was written. */
export interface DistinctArchive {
  readonly lines: readonly RecordLine[]
  readonly skipped: readonly SkippedLine[]
}

const messageKey = (partition: string, sequenceNumber: number): string => `${partition}/${sequenceNumber}`
const keyOf = ({ position }: RecordLine): string => messageKey(position.partition, position.sequenceNumber)

/** A message that met a defect, whole; a program that can read it may have archived its records since. */
const isSetAside = (line: RecordLine): boolean =>
  line.kind === 'unsplit' && line.fault.code === 'internalFault'

/** Drops copies that a batch run again with other edges leaves: they agree in position and ordinal. Of two forms of a message the records count. */
export function distinctArchive(lines: readonly ArchiveLine[]): DistinctArchive {
  const records = new Map<string, RecordLine>()
  const skipped: SkippedLine[] = []
  const split = new Set<string>()
  for (const line of lines) {
    if (line.kind === 'skipped') skipped.push(line)
    else {
      records.set(`${keyOf(line)}#${isSetAside(line) ? 'set aside' : line.ordinal}`, line)
      if (!isSetAside(line)) split.add(keyOf(line))
    }
  }
  return {
    lines: [...records.values()].filter((line) => !isSetAside(line) || !split.has(keyOf(line))),
    skipped,
  }
}

const contentOf = (line: RecordLine): Uint8Array => (line.kind === 'unsplit' ? line.body : line.record)

const digestIn = (line: RecordLine): string => {
  if (line.kind === 'event') return line.archived.digest
  return line.kind === 'fault' ? line.digest : line.bodyDigest
}

const linesByMessage = (archive: DistinctArchive): ReadonlyMap<string, readonly RecordLine[]> =>
  groupBy(archive.lines, keyOf)

const isSkipped = (archive: DistinctArchive, { partition, sequenceNumber }: SentMessage): boolean =>
  archive.skipped.some(
    (s) =>
      s.position.partition === partition &&
      sequenceNumber >= s.firstSequenceNumber &&
      sequenceNumber <= s.lastSequenceNumber,
  )

/** Whether each message that was sent is in the archive with its exact bytes, and nothing else is. */
export function archiveProblems(sent: readonly SentMessage[], archive: DistinctArchive): readonly string[] {
  const problems: string[] = []
  const byMessage = linesByMessage(archive)
  const known = new Set<string>()
  for (const message of sent) {
    const key = messageKey(message.partition, message.sequenceNumber)
    known.add(key)
    const lines = byMessage.get(key)
    if (lines === undefined) {
      if (!isSkipped(archive, message)) problems.push(`message ${key} is not in the archive`)
      continue
    }
    const body = Buffer.from(message.body)
    const bodyDigest = digest(body)
    for (const line of lines) {
      const content = contentOf(line)
      const at = `${key}#${line.ordinal}`
      if (line.bodyDigest !== bodyDigest || line.bodyBytes !== body.byteLength)
        problems.push(`archive line ${at} tells of another message`)
      if (digest(content) !== digestIn(line)) problems.push(`archive line ${at} does not match its digest`)
      if (body.indexOf(content) === -1) problems.push(`archive line ${at} holds bytes that were not sent`)
      if (line.ordinal >= line.of) problems.push(`archive line ${at} counts wrong`)
    }
  }
  for (const key of byMessage.keys())
    if (!known.has(key)) problems.push(`message ${key} was archived, but never sent`)
  return problems
}

/** Records by how they were understood, counted from the archive's lines. */
export function archiveTally(archive: DistinctArchive): RecordTally {
  const events = archive.lines.filter((l) => l.kind === 'event').length
  const faults = archive.lines.length - events
  let records = archive.skipped.reduce((sum, s) => sum + s.records, 0)
  for (const [first] of linesByMessage(archive).values()) records += first?.of ?? 0
  return { records, events, faults, skipped: records - events - faults }
}
