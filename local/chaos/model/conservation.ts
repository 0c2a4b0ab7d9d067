import type { ArchiveLine } from '../../../shared/archive/archive-line.ts'
import type { DeadLetter } from '../../../shared/delivery/dead-letter.ts'
import { digest } from '../../../shared/domain/digest.ts'
import type { ArchivedEvent } from '../../../shared/domain/exported-event.ts'
import type { Message, Position } from '../../../shared/domain/position.ts'
import { groupBy } from '../../harness/group-by.ts'
import { MAX_AGE_MS } from './program.ts'

/** What one receiving server holds, and what it would never take. */
export interface SinkWitness {
  readonly name: string
  /** Ids of the events that it got, in order. */
  readonly landed: readonly string[]
  readonly refuses: (archived: ArchivedEvent) => boolean
}

/** What is known of a run from outside the program. */
export interface RunEvidence {
  readonly sent: readonly Message[]
  readonly lines: readonly ArchiveLine[]
  readonly letters: readonly DeadLetter[]
  readonly sinks: readonly SinkWitness[]
}

/** How the events ended at one sink. */
export interface SinkEnd {
  readonly delivered: number
  readonly duplicates: number
  readonly deadLettered: number
}

export interface RunVerdict {
  /** Messages that the archive has, those among them of which it says that they hold nothing for us. */
  readonly archived: number
  /** What was sent and is nowhere. */
  readonly lost: number
  readonly sinks: ReadonlyMap<string, SinkEnd>
  readonly problems: readonly string[]
}

type EventLine = Extract<ArchiveLine, { kind: 'event' }>
type SkippedLine = Extract<ArchiveLine, { kind: 'skipped' }>

/** Place of a message over re-creations of the hub. */
const placeOf = (p: Position): string => `${p.partition}/${p.enqueuedAt}/${p.sequenceNumber}`

/** Balances a run: every message in the archive with its bytes, every event at every sink or buried with a true reason, nothing else. */
export function judgeRun({ sent, lines, letters, sinks }: RunEvidence): RunVerdict {
  const problems: string[] = []
  const byMessage = groupBy(
    lines.filter((line) => line.kind !== 'skipped'),
    (line) => placeOf(line.position),
  )
  const skipped = lines.filter((line): line is SkippedLine => line.kind === 'skipped')
  let lost = 0
  let archived = 0
  for (const { position, body } of sent) {
    const place = placeOf(position)
    const found = byMessage.get(place)
    if (found === undefined && !skipped.some((line) => spans(line, position))) {
      lost++
      problems.push(`message ${place} is not in the archive`)
    } else archived++
    for (const line of found ?? []) {
      const content = line.kind === 'unsplit' ? line.body : line.record
      if (line.bodyDigest !== digest(body) || Buffer.from(body).indexOf(content) === -1)
        problems.push(`archive line of ${place} holds other bytes than were sent`)
    }
  }
  const known = new Set(sent.map((m) => placeOf(m.position)))
  for (const place of byMessage.keys()) {
    if (!known.has(place)) problems.push(`message ${place} was archived, but never sent`)
  }
  const buried = new Set(letters.filter((l) => l.sink === undefined).map((l) => placeOf(l.position)))
  for (const line of lines) {
    if ((line.kind === 'fault' || line.kind === 'unsplit') && !buried.has(placeOf(line.position)))
      problems.push(`the fault at ${placeOf(line.position)} has no dead letter`)
  }

  const events = lines.filter((line): line is EventLine => line.kind === 'event')
  const ends = new Map<string, SinkEnd>()
  for (const sink of sinks) {
    const { lost: lostHere, ...end } = judgeSink(sink, events, letters, problems)
    lost += lostHere
    ends.set(sink.name, end)
  }
  return { archived, lost, sinks: ends, problems }
}

const spans = (line: SkippedLine, { partition, sequenceNumber, enqueuedAt }: Position): boolean =>
  line.position.partition === partition &&
  line.position.enqueuedAt <= enqueuedAt &&
  sequenceNumber >= line.firstSequenceNumber &&
  sequenceNumber <= line.lastSequenceNumber

function judgeSink(
  { name, landed, refuses }: SinkWitness,
  events: readonly EventLine[],
  letters: readonly DeadLetter[],
  problems: string[],
): SinkEnd & { readonly lost: number } {
  const byId = groupBy(events, (line): string => line.archived.event.eventId)
  const copies = new Set(landed)
  const dead = new Map(
    letters.filter((l) => l.sink === name).map((l): [string | undefined, DeadLetter] => [l.eventId, l]),
  )
  let lost = 0
  for (const [id, [line]] of byId) {
    if (copies.has(id)) continue
    const letter = dead.get(id)
    if (letter === undefined) {
      lost++
      problems.push(`event ${id.slice(0, 12)} did not reach ${name}`)
    } else if (!isTrue(letter, refuses(line.archived)))
      problems.push(`event ${id.slice(0, 12)} was buried at ${name} for no true reason: ${letter.fault.code}`)
  }
  for (const id of copies) {
    if (!byId.has(id)) problems.push(`event ${id.slice(0, 12)} is at ${name}, but not in the archive`)
  }
  return { delivered: copies.size, duplicates: landed.length - copies.size, deadLettered: dead.size, lost }
}

const isTrue = ({ fault, firstTriedAt, diedAt }: DeadLetter, refused: boolean): boolean =>
  fault.code === 'deliveryExpired'
    ? diedAt - firstTriedAt > MAX_AGE_MS
    : (fault.code === 'payloadRefused' || fault.code === 'tooLarge') && refused
