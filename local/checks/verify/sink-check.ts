import { type ArchiveLine, pointerTo } from './archive-line.ts'
import type { DeadLetterEvidence, Pointer, SinkEvidence } from './evidence.ts'
import { groupBy } from './group-by.ts'
import { type JsonObject, text } from './json.ts'
import { contradictions, type KeptEvent, named } from './message-check.ts'
import type { Received } from './received.ts'

/** Outcomes of events at one sink. */
export interface SinkOutcomes {
  readonly delivered: number
  readonly pending: number
  readonly deadLettered: number
  /** Same event as one that was delivered from another position. */
  readonly duplicate: number
  readonly filtered: number
  /** Events held by the receiver, repetitions included, … */
  readonly received: number
  /** … and without repetitions. */
  readonly distinct: number
  readonly lost: number
  readonly problems: readonly string[]
}

type Copies = readonly [KeptEvent, ...KeptEvent[]]
type Outcome = 'delivered' | 'pending' | 'deadLettered' | 'duplicate' | 'filtered' | 'lost'

const short = (eventId: string): string => eventId.slice(0, 12)
const ofLine = ({ blob, line }: ArchiveLine): string => pointerTo(blob, line)

/** Events at a receiver that differ from the archive line they refer to. */
function falseProblems(name: string, received: readonly Received[], lines: ReadonlyMap<string, ArchiveLine>) {
  const problems = new Set<string>()
  for (const { eventId, pointer, differs } of received) {
    const line = lines.get(pointer)
    if (line?.kind !== 'event') problems.add(`event ${short(eventId)} is at ${name}, but not in the archive`)
    else {
      const other = differs(line)
      if (other.length > 0)
        problems.add(`event ${short(eventId)} at ${name} is not what the archive says: ${named(other)}`)
    }
  }
  return [...problems]
}

/**
 * Checks every event at a receiver: present and as sent, pending, dead-lettered, or delivered from
 * another position.
 */
export function checkSink(
  sink: SinkEvidence,
  kept: readonly Copies[],
  lines: ReadonlyMap<string, ArchiveLine>,
  pending: readonly Pointer[],
  deadLetters: readonly DeadLetterEvidence[],
): SinkOutcomes {
  const { name, received, accepts = () => true, mayBeDeadLettered = () => true } = sink
  const mine = <P extends Pointer>(pointers: readonly P[]): ReadonlyMap<string, P> =>
    new Map(pointers.filter((p) => p.sink === name).map((p) => [pointerTo(p.blob, p.line), p]))
  const [pendingLines, dead] = [mine(pending), mine(deadLetters)]
  const byPointer = groupBy(received, ({ pointer }) => pointer)
  const byId = groupBy(received, ({ eventId }) => eventId)
  /** Pending lines and dead letters, by event. */
  const waiting = groupBy(
    [...pendingLines.keys(), ...dead.keys()].flatMap((pointer): readonly JsonObject[] => {
      const line = lines.get(pointer)
      return line === undefined ? [] : [line.says]
    }),
    (says) => text(says['eventId']),
  )
  const problems = [...falseProblems(name, received, lines)]
  const counts: Record<Outcome, number> = {
    delivered: 0,
    pending: 0,
    deadLettered: 0,
    duplicate: 0,
    filtered: 0,
    lost: 0,
  }

  const outcomeOf = (copies: Copies): Outcome => {
    const [{ name: record, says, line }] = copies
    const eventId = line.eventId
    const pointers = copies.map((copy) => ofLine(copy.line))
    const there = (byId.get(eventId) ?? []).map((event) => event.says)
    const same = [...there, ...(waiting.get(eventId) ?? [])]
    const here = pointers.flatMap((pointer) => byPointer.get(pointer) ?? []).map((event) => event.says)
    const other = new Set([...here, ...same].flatMap((found) => contradictions(says, found['event'])))
    if (other.size > 0) problems.push(`record ${record} is at ${name} with another ${named([...other])}`)
    if (!accepts(line)) {
      if (here.length > 0) problems.push(`record ${record} is at ${name}, which is not to get it`)
      return 'filtered'
    }
    if (here.length > 0) return 'delivered'
    if (pointers.some((pointer) => pendingLines.has(pointer))) return 'pending'
    const deadLetter = pointers.map((pointer) => dead.get(pointer)).find((found) => found !== undefined)
    if (deadLetter !== undefined) {
      if (!mayBeDeadLettered(deadLetter, line))
        problems.push(`record ${record} was dead-lettered at ${name} for no true reason: ${deadLetter.code}`)
      return 'deadLettered'
    }
    if (same.length > 0) return 'duplicate'
    problems.push(`record ${record} did not reach ${name}`)
    return 'lost'
  }
  for (const copies of kept) counts[outcomeOf(copies)]++
  return { ...counts, received: received.length, distinct: byId.size, problems }
}
