import { counted } from '../../shared/domain/duration.ts'
import { slotOf } from '../../shared/domain/event-fields.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { Json } from '../../shared/encoding/json.ts'
import type { BlobEvidence, SealState } from '../../shared/operations/auditor/blob-evidence.ts'
import type { FoundRecords, RecordWithEvidence } from '../../shared/operations/auditor/find-record.ts'
import { exactBytes } from '../../shared/operations/auditor/record-rows.ts'
import type { AuditRange } from '../../shared/operations/auditor/unique-lines.ts'
import { cutLines, exact } from '../text/exact.ts'
import type { Colour, Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import { fields } from '../text/table.ts'
import { logLine } from './log-line.ts'

const EVENT = slotOf('event')
const LINE_LENGTH = 100
const MAX_DEPTH = 8

const STATES: Readonly<Record<SealState, readonly [Colour, string]>> = {
  same: ['green', 'sealed; the blob is now as its leaf says'],
  changed: ['red', 'CHANGED: the blob is not what its leaf says'],
  missing: ['red', 'MISSING: the blob cannot be read any more'],
  unsealed: ['yellow', 'not sealed yet: no leaf of the log is about it'],
  noLog: ['yellow', 'not sealed: the archive has no log'],
}

/** The members of a value as dotted names, in the order they have. */
function* members(value: Json, name: string, depth: number): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) {
    yield [plain(name), exact(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))]
    return
  }
  const entries = Object.entries(value)
  if (entries.length === 0) yield [plain(name), Array.isArray(value) ? '(none)' : '(empty)']
  for (const [key, of] of entries) yield* members(of, name === '' ? key : `${name}.${key}`, depth + 1)
}

function evidenceLines(
  { blob, line }: { readonly blob: string; readonly line: number },
  { state, sealed, digest, bytes }: BlobEvidence,
  paint: Paint,
): readonly string[] {
  const [colour, text] = STATES[state]
  return fields([
    ['blob', plain(blob)],
    ['line', `${line} (from 0)`],
    ['blob digest', digest === undefined ? undefined : `${digest}, ${counted(bytes ?? 0, 'byte')}`],
    ['leaf', sealed === undefined ? undefined : `${sealed.index}, digest ${sealed.leaf.digest}`],
    ['status', paint(colour, text)],
  ])
}

function pageOf(
  { line, copies, evidence, digest, isDigestRight }: RecordWithEvidence,
  title: string,
  paint: Paint,
): readonly string[] {
  const bytes = exactBytes(line)
  const { position, ordinal, of, origin } = line
  const says =
    line.kind === 'event'
      ? [...members(line.archived.event.fields.parse(EVENT) as Json, '', 0)]
      : ([
          ['fault', line.fault.code],
          ['what happened', plain(line.fault.message)],
        ] as const)
  const sent = line.kind === 'unsplit' ? 'THE MESSAGE, AS IT WAS SENT' : 'THE RECORD, AS IT WAS SENT'
  return [
    paint('bold', title),
    '',
    paint('bold', 'WHERE IT CAME FROM'),
    ...fields([
      ['taken by the hub', isoInstant(position.enqueuedAt)],
      ['hub', plain(`${position.namespace}/${position.hub}`)],
      ['place', `partition ${plain(position.partition)}, sequence number ${position.sequenceNumber}`],
      ['record', `${ordinal + 1} of ${of} in its message`],
      ['sender says it is', origin],
    ]),
    '',
    paint('bold', line.kind === 'event' ? 'WHAT IT SAYS' : 'WHY IT COULD NOT BE READ'),
    ...fields(says),
    '',
    paint('bold', `${sent}: ${counted(bytes.byteLength, 'byte')}`),
    ...cutLines(exact(bytes), LINE_LENGTH).map((text) => `  | ${text}`),
    ...fields([
      ['digest', digest],
      [
        'as archived',
        isDigestRight
          ? paint('green', 'yes: the line has the same digest')
          : paint('red', 'NO: the line has another digest'),
      ],
    ]),
    '',
    paint('bold', copies.length === 1 ? 'ITS EVIDENCE' : `ITS EVIDENCE, IN ${copies.length} COPIES`),
    ...copies.flatMap((copy, i) => [
      ...(i === 0 ? [] : ['']),
      ...evidenceLines(copy, evidence[i] as BlobEvidence, paint),
    ]),
    '',
  ]
}

/** `record` for people: a page for each record, the newest last. */
export function recordText(
  wanted: string,
  { from, to }: AuditRange,
  { records, more, blobs, log }: FoundRecords,
  paint: Paint,
): string {
  const span = from === 0 ? `up to ${isoInstant(to)}` : `${isoInstant(from)} to ${isoInstant(to)}`
  const looked = `${span}, ${counted(blobs, 'archive blob')}`
  if (records.length === 0)
    return `No record of ${plain(wanted)} was found: ${looked}.\nFor an identity, a name or a request use risk-export trace.\n`
  return [
    ...(more ? ['Older records are not shown: use --from and --to for another time range.', ''] : []),
    ...records.flatMap((record, i) =>
      pageOf(record, `RECORD ${i + 1} OF ${records.length}, ${plain(wanted)}`, paint),
    ),
    `Log: ${logLine(log)}.`,
    'This page shows what archive and log say. It checks neither the signature nor the tree of the log.',
    '',
  ].join('\n')
}
