import { stripVTControlCharacters } from 'node:util'

/** Right-aligned columns, for numbers. */
export type RightAligned = ReadonlySet<number>

const widthOf = (text: string): number => stripVTControlCharacters(text).length

/**
 * Rows as aligned lines, two spaces between columns, no trailing space; the first row is the
 * heading.
 */
export function table(
  rows: readonly (readonly string[])[],
  rightAligned: RightAligned = new Set(),
): readonly string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const gap = ' '.repeat((widths[i] ?? 0) - widthOf(cell))
        return rightAligned.has(i) ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd(),
  )
}

/** Names and values, one pair per line, indented. */
export const fields = (pairs: readonly (readonly [string, string | undefined])[]): readonly string[] =>
  table(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[`  ${name}`, value]])))
