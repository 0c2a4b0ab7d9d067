import type { Instant } from '../../domain/identifiers.ts'
import { InvariantError } from '../../domain/invariant-error.ts'
import type { Position } from '../../domain/position.ts'
import { formatLines } from './line-ranges.ts'
import { type OutboxRow, type ReplayMode, rowKey } from './outbox.ts'

/** A line of an archive blob to deliver. */
export interface Pointer {
  readonly blob: string
  readonly line: number
  readonly position: Position
}

/** A line number and its comma take at most 8 characters; a table property holds 16,000. */
const MAX_LINES_PER_ROW = 1000

/**
 * The rows that hand lines of one archive blob to a sink. Pure: the same request makes the same
 * rows, so an interrupted replay can be restarted as long as none of it was delivered.
 * @param pointers of one blob, by ascending line, each line once
 * @param isRetry whether they are dead letters, which the sink never had
 */
export function replayRows(
  pointers: readonly Pointer[],
  mode: ReplayMode,
  askedAt: Instant,
  isRetry = false,
): readonly OutboxRow[] {
  const rows: OutboxRow[] = []
  for (let i = 0; i < pointers.length; i += MAX_LINES_PER_ROW) {
    rows.push(replayRow(pointers.slice(i, i + MAX_LINES_PER_ROW), mode, askedAt, isRetry))
  }
  return rows
}

function replayRow(
  pointers: readonly Pointer[],
  mode: ReplayMode,
  askedAt: Instant,
  isRetry: boolean,
): OutboxRow {
  const first = pointers[0]
  if (first === undefined || pointers.some((p) => p.blob !== first.blob))
    throw new InvariantError('a replay row that points at no blob, or at several')
  const { blob, position } = first
  const lines = formatLines(pointers.map((p) => p.line))
  return {
    key: rowKey(position, first.line, `${mode}\n${blob}\n${lines}`),
    blob,
    lines,
    events: pointers.length,
    enqueuedAt: position.enqueuedAt,
    firstTriedAt: askedAt,
    attempts: 0,
    mode,
    ...(isRetry ? { isRetry: true } : {}),
  }
}
