import { InvariantError } from '../../domain/invariant-error.ts'

/** Far more lines than an archive blob has; a few bytes of text could name billions. */
const MAX_LINES = 100_000
const RANGE = /^(\d{1,7})(?:-(\d{1,7}))?$/

/** Ascending line numbers as text, such as `0-99,105`, each named once. */
export function formatLines(lines: ArrayLike<number>): string {
  const parts: string[] = []
  for (let i = 0; i < lines.length; ) {
    let j = i
    while ((lines[j + 1] ?? Number.NaN) <= (lines[j] ?? 0) + 1) j++
    parts.push(lines[i] === lines[j] ? `${lines[i]}` : `${lines[i]}-${lines[j]}`)
    i = j + 1
  }
  return parts.join(',')
}

/** Parses a text made by `formatLines`; `undefined` for any other text. */
export function parseLines(ranges: string): readonly number[] | undefined {
  const lines: number[] = []
  for (const part of ranges.split(',')) {
    const match = RANGE.exec(part)
    if (match === null) return undefined
    const first = Number(match[1])
    const last = Number(match[2] ?? match[1])
    const isRising = last >= first && first > (lines.at(-1) ?? -1)
    if (!isRising || lines.length + last - first >= MAX_LINES) return undefined
    for (let line = first; line <= last; line++) lines.push(line)
  }
  return lines
}

/** The line numbers of a text already validated. */
export function expandLines(ranges: string): readonly number[] {
  const lines = parseLines(ranges)
  if (lines === undefined) throw new InvariantError('line numbers that cannot be read')
  return lines
}
