import { counted } from '../../shared/domain/duration.ts'
import type { ExportedEvent } from '../../shared/domain/exported-event.ts'
import type { Heartbeat } from '../../shared/domain/heartbeat.ts'
import type { Instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { TracedOutcome } from '../../shared/operations/trace/trace-outcomes.ts'
import type { TracedRecord, TraceStep } from '../../shared/operations/trace/trace-steps.ts'
import type { Colour, Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import { fields, table } from '../text/table.ts'

const OUTCOME_TEXT: Readonly<Record<TracedOutcome, string>> = {
  delivered: 'delivered',
  pending: 'pending',
  deadLettered: 'dead letter',
  duplicate: 'known duplicate',
  filtered: 'filtered',
  noReceipt: 'outcome unknown: no receipt',
}

const OUTCOME_COLOUR: Readonly<Record<TracedOutcome, Colour>> = {
  delivered: 'green',
  pending: 'yellow',
  deadLettered: 'red',
  duplicate: 'dim',
  filtered: 'dim',
  noReceipt: 'yellow',
}

function subjectOf(event: Exclude<ExportedEvent, Heartbeat>): string {
  switch (event.kind) {
    case 'riskDetection':
      return `detection ${plain(event.risk.eventType ?? 'of no type')}`
    case 'riskyIdentity':
      return 'identity'
    case 'identityContext':
      return 'context'
    case 'responseAction':
      return `response ${plain(JSON.stringify(event.response['action'] ?? ''))}`
  }
}

function headline(event: ExportedEvent): string {
  if (event.kind === 'heartbeat') return 'heartbeat'
  const { risk, identity } = event
  const what = subjectOf(event)
  const how = [risk.level, risk.state].filter((word) => word !== undefined).map(plain)
  return `${what}${how.length === 0 ? '' : `, ${how.join(' ')}`}: ${identity.type} ${plain(identity.id)}`
}

type Failure = Pick<TraceStep, 'fault' | 'status'>

const failureText = ({ fault, status }: Failure): string =>
  fault === undefined ? '' : ` (${fault}${status === undefined ? '' : ` ${status}`})`

const requestText = ({ id, fault, status }: NonNullable<TraceStep['requests']>[number]): string =>
  `request ${plain(id)} ${fault ?? ''}${fault !== undefined && status !== undefined ? ' ' : ''}${status ?? ''}`.trimEnd()

/** A step's text after its time and name. */
function stepText(step: TraceStep): string {
  const failure = failureText(step)
  const sink = step.sink === undefined ? '' : `${step.sink}: `
  switch (step.what) {
    case 'enqueued':
      return ''
    case 'archived':
      return `${step.blob ?? ''} line ${step.line ?? 0}`
    case 'settled':
    case 'redelivered':
    case 'replayed':
      return [
        `${sink}${step.outcome === undefined ? '' : OUTCOME_TEXT[step.outcome]}`,
        `${counted(step.attempts ?? 0, 'attempt')}${failure}`,
        ...(step.requests ?? []).map(requestText),
      ].join('; ')
    case 'pending':
      return `${sink}${counted(step.attempts ?? 0, 'attempt')}${failure}`
    case 'deadLettered':
      return `${sink}${step.fault ?? ''}${step.status === undefined ? '' : ` ${step.status}`}; ${counted(step.attempts ?? 0, 'attempt')}`
    case 'retried':
    case 'discarded':
      return sink.replace(/: $/, '')
  }
}

function recordText({ line, outcomes, steps }: TracedRecord, title: string, paint: Paint): readonly string[] {
  const { partition, sequenceNumber } = line.position
  const event = line.kind === 'event' ? line.event : undefined
  const what = event === undefined ? 'record that is not an event' : headline(event)
  const timeline = table(
    steps.map((s) => [
      `  ${isoInstant(s.at)}`,
      s.what === 'deadLettered' ? 'dead-lettered' : s.what,
      stepText(s),
    ]),
  )
  return [
    `${paint('bold', title)} ${what}`,
    ...fields([
      ['event', event?.eventId],
      ['fact', event?.factKey],
      ['detection', event?.kind === 'riskDetection' ? plain(event.detectionId) : undefined],
      ['fault', line.kind === 'event' ? undefined : `${line.fault.code}: ${line.fault.message}`],
      [
        'from',
        `${line.origin}, partition ${partition}, sequence number ${sequenceNumber}, record ${line.ordinal + 1} of ${line.of}`,
      ],
      ...[...outcomes].map(
        ([sink, outcome]) => [`to ${sink}`, paint(OUTCOME_COLOUR[outcome], OUTCOME_TEXT[outcome])] as const,
      ),
    ]),
    ...timeline,
    '',
  ]
}

interface Asked {
  readonly wanted: string
  readonly from: Instant
  readonly to: Instant
  /** The limit to suggest for more. */
  readonly moreLimit: number
}

/** `trace` for people: the newest record last; truncation is reported where it occurs. */
export function tracedText(
  { wanted, from, to, moreLimit }: Asked,
  found: { readonly records: readonly TracedRecord[]; readonly more: boolean; readonly blobs: number },
  paint: Paint,
): string {
  const { records, blobs, more } = found
  const looked = `${isoInstant(from)} to ${isoInstant(to)}, ${counted(blobs, 'archive blob')}`
  if (records.length === 0) return `No records found for ${plain(wanted)}: ${looked}.\n`
  const cut = more
    ? [
        `Older records are not shown: use --limit ${moreLimit} for more, --from and --to for another time range.`,
        '',
      ]
    : []
  return [
    ...cut,
    ...records.flatMap((record, i) => recordText(record, `${i + 1}/${records.length}`, paint)),
  ].join('\n')
}
