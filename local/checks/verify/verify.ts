import { checkArchive } from './archive-check.ts'
import { type ArchiveLine, archiveLines, pointerTo } from './archive-line.ts'
import type { DeadLetterEvidence, Evidence } from './evidence.ts'
import { groupBy } from './group-by.ts'
import { knownMessage } from './known-message.ts'
import { checkSink, type SinkOutcomes } from './sink-check.ts'

/**
 * The outcome of a run, verified from outside, with neither the program's counters nor its code.
 */
export interface Verdict {
  readonly messages: number
  /**
   * Of these, messages that are not valid JSON throughout: what follows the break is counted as
   * archived.
   */
  readonly partlyRead: number
  readonly records: number
  readonly events: number
  /** Events with fields that were clearly sent, and are compared. */
  readonly compared: number
  readonly faults: number
  readonly skipped: number
  /** Messages in the archive. */
  readonly archived: number
  /** Sent but found nowhere: messages, records, and events at a sink. */
  readonly lost: number
  readonly archive: { readonly blobs: number; readonly lines: number }
  readonly sinks: ReadonlyMap<string, SinkOutcomes>
  readonly balanced: boolean
  /** Why it does not balance. */
  readonly problems: readonly string[]
}

/** Faults without a dead letter. One dead letter is enough for all copies of a repeated batch. */
function withoutDeadLetter(
  lines: readonly ArchiveLine[],
  deadLetters: readonly DeadLetterEvidence[],
): readonly string[] {
  const deadLettered = new Set(
    deadLetters.filter((l) => l.sink === undefined).map((l) => pointerTo(l.blob, l.line)),
  )
  const faults = groupBy(
    lines.filter(({ kind }) => kind === 'fault'),
    ({ position, ordinal }) => `${position}#${ordinal}`,
  )
  return [...faults.values()]
    .filter((copies) => !copies.some(({ blob, line }) => deadLettered.has(pointerTo(blob, line))))
    .map(([{ blob, line }]) => `the fault in ${blob} line ${line} has no dead letter`)
}

/** Verifies everything sent, record by record, in the archive and at every receiver. */
export function verify({ sent, archive, sinks, pending, deadLetters }: Evidence): Verdict {
  const messages = sent.map(knownMessage)
  const lines = archive.flatMap(archiveLines)
  const byPointer = new Map(lines.map((line) => [pointerTo(line.blob, line.line), line]))
  const check = checkArchive(messages, lines)
  const outcomes = new Map(
    sinks.map((sink) => [sink.name, checkSink(sink, check.kept, byPointer, pending, deadLetters)]),
  )
  const problems = [
    ...check.problems,
    ...withoutDeadLetter(lines, deadLetters),
    ...[...outcomes.values()].flatMap((end) => end.problems),
  ]
  return {
    messages: sent.length,
    partlyRead: messages.filter(({ isComplete }) => !isComplete).length,
    records: check.records,
    events: check.events,
    compared: check.kept.filter(([{ says }]) => says.size > 0).length,
    faults: check.faults,
    skipped: check.skipped,
    archived: check.archived,
    lost: [...outcomes.values()].reduce((sum, { lost }) => sum + lost, check.lost),
    archive: { blobs: archive.length, lines: lines.filter(({ kind }) => kind !== 'skipped').length },
    sinks: outcomes,
    balanced: problems.length === 0,
    problems,
  }
}
