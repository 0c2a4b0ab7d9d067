import { counted } from '../../shared/domain/duration.ts'
import type { Cause } from '../../shared/operations/doctor/causes.ts'
import type { Paint } from '../text/paint.ts'
import { table } from '../text/table.ts'

const COLOUR = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'dim' } as const
const LEVELS = ['ok', 'warn', 'fail', 'skip'] as const

/** Number of causes per level; `skip` counts checks that did not run. */
export const findingCounts = (causes: readonly Cause[]): Readonly<Record<Cause['level'], number>> => {
  const of = (level: Cause['level']) => causes.filter((c) => c.level === level)
  return {
    ok: of('ok').length,
    warn: of('warn').length,
    fail: of('fail').length,
    skip: of('skip').flatMap(({ names }) => names).length,
  }
}

const nameOf = ({ names }: Cause): string =>
  names.length === 1 ? (names[0] ?? '') : counted(names.length, 'check')

/** `doctor` for people: what is wrong, what it affects, and what to do. */
export function doctorText(causes: readonly Cause[], paint: Paint): string {
  const rows = table(causes.map((cause) => [cause.level, cause.area, nameOf(cause), cause.says]))
  const lines = causes.flatMap(({ level, names, fix }, i) => {
    const row = rows[i] ?? ''
    return [
      `${paint(COLOUR[level], level)}${row.slice(level.length)}`,
      ...(names.length > 1 && level !== 'skip' ? [`      ${names.join('; ')}`] : []),
      ...(fix === undefined ? [] : [`      ${paint('bold', '→')} ${fix}`]),
    ]
  })
  const counts = findingCounts(causes)
  const shown = LEVELS.filter((level) => level !== 'skip' || counts.skip > 0)
  return [...lines, '', shown.map((level) => `${counts[level]} ${level}`).join(', '), ''].join('\n')
}
