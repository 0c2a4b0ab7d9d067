import type { ArchiveLine } from './archive-line.ts'
import { groupBy } from './group-by.ts'
import { at } from './json.ts'
import type { KnownMessage } from './known-message.ts'
import { checkMessage, type KeptEvent } from './message-check.ts'

/** What the archive holds of everything sent. */
export interface ArchiveCheck {
  readonly records: number
  readonly events: number
  readonly faults: number
  readonly skipped: number
  /** Messages in the archive, including those it only counts as skipped. */
  readonly archived: number
  /** Missing messages, and missing records of other messages. */
  readonly lost: number
  /** The events, each with all its lines. */
  readonly kept: readonly (readonly [KeptEvent, ...KeptEvent[]])[]
  readonly problems: readonly string[]
}

/**
 * A message archived raw because it met a defect. A program that can read it may have archived its
 * records since; then these count.
 */
const isSetAside = ({ says, ordinal }: ArchiveLine): boolean =>
  ordinal === 0 && at(says, 'fault.code') === 'internalFault' && says['digest'] === undefined

/** The copies of a message: a batch repeated with other limits leaves one in each blob. */
function copiesOf(lines: readonly ArchiveLine[]): readonly (readonly ArchiveLine[])[] {
  const copies = [...groupBy(lines, ({ blob }) => blob).values()]
  const split = copies.filter((copy) => !copy.some(isSetAside))
  return split.length > 0 ? split : copies
}

/**
 * For each line that stands for skipped messages: these messages, and whether its counts are right.
 */
function skippedMessages(sent: readonly KnownMessage[], lines: readonly ArchiveLine[]) {
  const positions = new Set<string>()
  const problems: string[] = []
  const partitions = groupBy(sent, ({ partition }) => partition)
  for (const { kind, says, partition, position } of lines) {
    if (kind !== 'skipped') continue
    const ofPartition = partitions.get(partition) ?? []
    const first = ofPartition.findIndex((message) => message.position === position)
    const messages =
      first === -1 ? [] : ofPartition.slice(first, first + Number(at(says, 'skipped.messages')))
    const records = messages.reduce((sum, message) => sum + message.records.length, 0)
    const isTrue =
      messages.length === at(says, 'skipped.messages') &&
      messages.at(-1)?.sequenceNumber === at(says, 'skipped.lastSequenceNumber') &&
      (records === at(says, 'skipped.records') || messages.some(({ isComplete }) => !isComplete))
    if (!isTrue) problems.push(`the archive counts the skipped messages from ${position} on wrong`)
    for (const message of messages) positions.add(message.position)
  }
  return { positions, problems }
}

/**
 * Checks that each record sent is in the archive with its exact bytes and its meaning, and nothing
 * else is.
 */
export function checkArchive(sent: readonly KnownMessage[], lines: readonly ArchiveLine[]): ArchiveCheck {
  const byPosition = groupBy(
    lines.filter(({ kind }) => kind !== 'skipped'),
    ({ position }) => position,
  )
  const skippable = skippedMessages(sent, lines)
  const problems = [...skippable.problems]
  const kept: (readonly [KeptEvent, ...KeptEvent[]])[] = []
  let [events, faults, skipped, archived, lost] = [0, 0, 0, 0, 0]
  for (const message of sent) {
    const copies = copiesOf(byPosition.get(message.position) ?? [])
    const isThere = copies.length > 0 || skippable.positions.has(message.position)
    if (!isThere) {
      lost++
      problems.push(`message ${message.name} is not in the archive`)
      continue
    }
    archived++
    const outcomes = (copies.length > 0 ? copies : [[]]).map((copy) => checkMessage(message, copy))
    problems.push(...new Set(outcomes.flatMap((end) => end.problems)))
    const [first] = outcomes
    events += first?.events.length ?? 0
    faults += first?.faults ?? 0
    skipped += first?.skipped ?? 0
    lost += Math.max(...outcomes.map((end) => end.lost))
    const all = outcomes.flatMap((end) => end.events)
    kept.push(...groupBy(all, ({ line }) => line.ordinal).values())
  }
  const positions = new Set(sent.map(({ position }) => position))
  for (const position of byPosition.keys())
    if (!positions.has(position)) problems.push(`message ${position} was archived, but never sent`)
  return { records: events + faults + skipped, events, faults, skipped, archived, lost, kept, problems }
}
