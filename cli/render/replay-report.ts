import { counted } from '../../shared/domain/duration.ts'
import type { Instant } from '../../shared/domain/identifiers.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import { shellWord } from '../../shared/encoding/shell-word.ts'
import type { ReplayReport } from '../../shared/operations/replay/replay.ts'
import type { Suggest } from '../text/suggest.ts'
import { fields } from '../text/table.ts'

/** `replay --json`. */
export const replayJson = (
  request: {
    readonly sink: string
    readonly from: Instant
    readonly to: Instant
    readonly mode: string
    readonly dryRun: boolean
  },
  { finished, lastBlob, blobs, rows, records, matched, filtered, faulty, copies }: ReplayReport,
) => ({
  sink: request.sink,
  from: isoInstant(request.from),
  to: isoInstant(request.to),
  mode: request.mode,
  dryRun: request.dryRun,
  finished,
  lastBlob: lastBlob ?? null,
  blobs,
  records,
  matched,
  filtered,
  faulty,
  copies,
  rows,
})

interface Asked {
  readonly sink: string
  readonly from: string
  readonly to: string
  readonly dryRun: boolean
  readonly isOn: boolean
}

/** `replay` for people. */
export function replayText(asked: Asked, report: ReplayReport, suggest: Suggest): string {
  const { matched, filtered, faulty, copies, blobs, rows } = report
  const did = asked.dryRun ? 'would queue' : 'queued'
  const next = asked.dryRun
    ? []
    : [
        asked.isOn
          ? `The app delivers them now: ${suggest('status')} shows how many are left.`
          : `The sink ${asked.sink} is switched off in the settings: they stay pending until it is switched on.`,
      ]
  return [
    `Replay to ${asked.sink}, ${asked.from} to ${asked.to}${asked.dryRun ? ' (dry run)' : ''}`,
    ...fields([
      [
        did,
        `${counted(matched, 'event')} in ${counted(rows, 'row')}, from ${counted(blobs, 'archive blob')}`,
      ],
      [
        'left out',
        `${filtered} by filter, ${faulty} that cannot be normalised, ${counted(copies, 'copy', 'copies')}`,
      ],
    ]),
    ...next,
    '',
  ].join('\n')
}

/**
 * The command to resume with. Times are absolute: a span before now would have moved.
 * @param args words after `replay`
 */
export function resumeHint(
  args: readonly string[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
  lastBlob: string | undefined,
): string {
  const fixed = new Set(['from', 'to', 'after'])
  const kept: string[] = []
  for (let i = 0; i < args.length; i++) {
    const [, name, value] = /^--(\w+)(=.*)?$/.exec(args[i] ?? '') ?? []
    if (name === undefined || !fixed.has(name)) kept.push(args[i] ?? '')
    else if (value === undefined) i += 1
  }
  const times = ['--from', isoInstant(from), '--to', isoInstant(to)]
  const after = lastBlob === undefined ? [] : ['--after', lastBlob]
  return `Interrupted. To continue: ${['risk-export', 'replay', ...kept, ...times, ...after].map(shellWord).join(' ')}`
}
