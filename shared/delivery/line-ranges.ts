import { InvariantError } from '../domain/invariant-error.ts'

/** Line numbers as text, as `0-99,105`; rising, without repetition. */
export function formatLines(lines: readonly number[]): string {
  const parts: string[] = []
  for (let i = 0; i < lines.length; ) {
    let j = i
    while (lines[j + 1] === (lines[j] ?? 0) + 1) j++
    parts.push(i === j ? `${lines[i]}` : `${lines[i]}-${lines[j]}`)
    i = j + 1
  }
  return parts.join(',')
}

/** The line numbers of a text made by `formatLines`. */
export function expandLines(ranges: string): readonly number[] {
  const lines: number[] = []
  for (const part of ranges.split(',')) {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part)
    if (match === null) throw new InvariantError('an outbox row whose lines cannot be read')
    const first = Number(match[1])
    const last = match[2] === undefined ? first : Number(match[2])
    for (let line = first; line <= last; line++) lines.push(line)
  }
  return lines
}
