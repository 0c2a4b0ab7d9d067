import { styleText } from 'node:util'
import type { Verdict } from './harness/judge.ts'

/** The verdict as the one JSON line of `--once --json`. */
export function verdictJson({
  messages,
  records,
  events,
  faults,
  skipped,
  archive,
  sinks,
  balanced,
}: Verdict): string {
  const of = (name: string, landedAs: string) => {
    const { landed = 0, ...tally } = sinks.get(name) ?? {
      delivered: 0,
      owed: 0,
      deadLettered: 0,
      duplicate: 0,
      filtered: 0,
    }
    return { ...tally, [landedAs]: landed }
  }
  return JSON.stringify({
    messages,
    records,
    events,
    faults,
    skipped,
    archive,
    sinks: { 'log-analytics': of('log-analytics', 'rows'), webhook: of('webhook', 'received') },
    balanced,
  })
}

const COLUMNS = ['delivered', 'owed', 'deadLettered', 'duplicate', 'filtered', 'landed'] as const
const MAX_PROBLEMS = 20

/** The verdict for people. */
export function verdictText(verdict: Verdict): string {
  const { messages, records, events, faults, skipped, archive, sinks, balanced, problems } = verdict
  const lines = [
    `${messages} messages, ${records} records: ${events} events, ${faults} faults, ${skipped} skipped`,
    `archive: ${archive.lines} lines in ${archive.blobs} blobs`,
    '',
    `${'sink'.padEnd(16)}${COLUMNS.map((c) => c.padStart(14)).join('')}`,
    ...[...sinks].map(
      ([name, counts]) => `${name.padEnd(16)}${COLUMNS.map((c) => String(counts[c]).padStart(14)).join('')}`,
    ),
    '',
    balanced
      ? styleText('green', 'Balanced: every record sent has its end, counted from outside.')
      : styleText('red', 'NOT balanced:'),
    ...problems.slice(0, MAX_PROBLEMS).map((p) => `  - ${p}`),
    ...(problems.length > MAX_PROBLEMS ? [`  … and ${problems.length - MAX_PROBLEMS} more`] : []),
  ]
  return lines.join('\n')
}
