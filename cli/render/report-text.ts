import { counted } from '../../shared/domain/duration.ts'
import { isoInstant } from '../../shared/domain/iso-instant.ts'
import type { Report } from '../../shared/operations/report/read-report.ts'
import { reportRows } from '../../shared/operations/report/report-rows.ts'
import type { Colour, Paint } from '../text/paint.ts'
import { plain } from '../text/plain.ts'
import { table } from '../text/table.ts'

const COLOURS: Readonly<Record<string, Colour>> = { high: 'red', medium: 'yellow' }
const MAX_CHARACTERS = 40

/** Whole seconds: a screen is narrow. */
const ISO_MILLISECONDS = /(?<=^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d{3}(?=Z$)/

const short = (text: string): string => {
  const shown = plain(text.replace(ISO_MILLISECONDS, ''))
  return shown.length > MAX_CHARACTERS ? `${shown.slice(0, MAX_CHARACTERS - 1)}…` : shown
}

/** What to do about rows that were left out. */
export const CUT = 'There are more than these: use --from and --to for a shorter time range.'

/** A report for people, on a terminal: the columns that come first in the portal. */
export function reportText(report: Report, paint: Paint): string {
  const { title, columns, rows } = reportRows(report)
  const span = `${isoInstant(report.from)} to ${isoInstant(report.to)}`
  const range =
    report.source.kind === 'archive'
      ? `in ${span}, ${counted(report.source.blobs, 'archive blob')}`
      : `last updated ${span}, from Microsoft Graph`
  if (rows.length === 0) return `${title}: none ${range}.\n`
  const shown = columns.flatMap(({ name, key, isMain }, index) => (isMain ? [{ name, key, index }] : []))
  const cell = (key: string, text: string) => {
    const colour = key === 'riskLevel' ? COLOURS[text] : undefined
    return colour === undefined ? short(text) : paint(colour, text)
  }
  return [
    `${title}: ${rows.length} ${range}`,
    '',
    ...table([
      shown.map(({ name }) => name.toUpperCase()),
      ...rows.map((row) => shown.map(({ key, index }) => cell(key, row[index] ?? ''))),
    ]),
    ...(report.more ? ['', CUT] : []),
    '',
  ].join('\n')
}
