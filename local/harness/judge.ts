import { type RecordTally, recordsBalance, type SinkTally, sinkBalances } from '../../shared/domain/tally.ts'
import { archiveProblems, archiveTally, distinctArchive, type RecordLine } from './archive-checks.ts'
import type { Evidence } from './evidence.ts'
import { judgeSink } from './sink-checks.ts'

/** What became of a run, judged from outside: never from the pipeline's own counters. */
export interface Verdict extends RecordTally {
  readonly messages: number
  readonly archive: { readonly blobs: number; readonly lines: number }
  readonly sinks: ReadonlyMap<string, SinkTally & { readonly landed: number }>
  readonly balanced: boolean
  /** Why it does not balance. */
  readonly problems: readonly string[]
}

const isEventLine = (line: RecordLine): line is Extract<RecordLine, { kind: 'event' }> =>
  line.kind === 'event'

/** Balances the books of a run: records, and events per sink. */
export function judge(evidence: Evidence): Verdict {
  const archive = distinctArchive(evidence.lines)
  const tally = archiveTally(archive)
  const events = archive.lines.filter(isEventLine)
  const verdicts = evidence.sinks.map((sink) => judgeSink(sink, events, evidence.owed, evidence.deadLetters))
  const problems = [
    ...archiveProblems(evidence.sent, archive),
    ...(recordsBalance(tally) && tally.skipped >= 0 ? [] : ['records are not events + faults + skipped']),
    ...verdicts.flatMap((v) => v.problems),
    ...verdicts
      .filter((v) => !sinkBalances(events.length, v.tally))
      .map((v) => `events at ${v.name} do not add up`),
    ...buriedProblems(archive.lines, evidence),
  ]
  return {
    messages: evidence.sent.length,
    ...tally,
    archive: { blobs: evidence.blobs, lines: archive.lines.length },
    sinks: new Map(verdicts.map((v) => [v.name, { ...v.tally, landed: v.landed }])),
    balanced: problems.length === 0,
    problems,
  }
}

/** Every faulty record has its dead letter. */
function buriedProblems(lines: readonly RecordLine[], { deadLetters }: Evidence): readonly string[] {
  const buried = new Set(deadLetters.filter((d) => d.sink === undefined).map((d) => `${d.blob}#${d.line}`))
  return lines
    .filter((line) => line.kind !== 'event' && !buried.has(`${line.blob}#${line.line}`))
    .map((line) => `the fault in ${line.blob} line ${line.line} has no dead letter`)
}
