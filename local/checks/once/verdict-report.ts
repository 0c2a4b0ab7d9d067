import { styleText } from 'node:util'
import type { Verdict } from '../verify/verify.ts'

const ENDS = ['delivered', 'pending', 'deadLettered', 'duplicate', 'filtered'] as const
const COLUMNS = [...ENDS, 'received'] as const

/** The verdict as the single line of `--once --json`. */
export function verdictJson({ sinks, balanced, problems, ...counts }: Verdict): string {
  const of = (name: string, receivedAs: string) => {
    const end = sinks.get(name)
    const outcomes = ENDS.map((column) => [column, end?.[column] ?? 0] as const)
    return { ...Object.fromEntries(outcomes), [receivedAs]: end?.received ?? 0 }
  }
  return JSON.stringify({
    ...counts,
    sinks: { 'log-analytics': of('log-analytics', 'rows'), webhook: of('webhook', 'received') },
    balanced,
    ...(balanced ? {} : { problems }),
  })
}

const MAX_PROBLEMS = 20

/** The verdict for people. */
export function verdictText(verdict: Verdict): string {
  const { messages, partlyRead, records, events, compared, faults, skipped } = verdict
  const { archive, sinks, balanced, problems } = verdict
  const lines = [
    `${messages} messages, ${records} records: ${events} events, ${faults} faults, ${skipped} skipped`,
    `${compared} of the events compared field by field with what was sent`,
    ...(partlyRead === 0
      ? []
      : [
          `${partlyRead} messages are not JSON: after the error, records are counted as the archive has them`,
        ]),
    `archive: ${archive.lines} lines in ${archive.blobs} blobs`,
    '',
    `${'sink'.padEnd(16)}${COLUMNS.map((c) => c.padStart(14)).join('')}`,
    ...[...sinks].map(
      ([name, counts]) => `${name.padEnd(16)}${COLUMNS.map((c) => String(counts[c]).padStart(14)).join('')}`,
    ),
    '',
    balanced
      ? styleText('green', 'Balanced: every record sent has one outcome, counted from outside.')
      : styleText('red', 'NOT balanced:'),
    ...problems.slice(0, MAX_PROBLEMS).map((p) => `  - ${p}`),
    ...(problems.length > MAX_PROBLEMS ? [`  … and ${problems.length - MAX_PROBLEMS} more`] : []),
  ]
  return lines.join('\n')
}
